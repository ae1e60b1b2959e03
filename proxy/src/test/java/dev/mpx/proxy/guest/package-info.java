/** What a limited key lets through. */
package dev.mpx.proxy.guest;
