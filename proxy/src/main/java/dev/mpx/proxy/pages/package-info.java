/**
 * What is read beside the program: completion for shells and manual pages, made from the command line's model when mpx is built.
 * Must not know any command by name.
 */
package dev.mpx.proxy.pages;
