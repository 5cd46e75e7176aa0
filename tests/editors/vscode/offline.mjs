// A network that consists of a loopback.

// `ip` is not on every machine, and Perl is on every Debian: SIOCSIFFLAGS (0x8914) with IFF_UP | IFF_LOOPBACK | IFF_RUNNING.
const loopback = 'my $lo = pack("a16s", "lo", 0x49); socket(S, 2, 2, 0) && ioctl(S, 0x8914, $lo) or die "no loopback: $!\\n"; exec @ARGV';

/** The command that runs another one in a network of its own, in which nothing but 127.0.0.1 and ::1 can be reached. */
export function withoutNetwork(command) {
  return ["unshare", "--map-root-user", "--net", "perl", "-e", loopback, ...command];
}
