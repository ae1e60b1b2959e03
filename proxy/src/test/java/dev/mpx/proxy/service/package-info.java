/** Services of the user's, with stand-ins for those who run them. */
package dev.mpx.proxy.service;
