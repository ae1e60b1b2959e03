/** What a person sees and types: screens in a real terminal (tmux), completion in real shells, manual pages. */
package dev.mpx.proxy.screen;
