/** What mpx does with a message once it is read, by JMH: splitting, scanning, splicing, and a whole call through the multiplexer. */
package dev.mpx.bench.micro;
