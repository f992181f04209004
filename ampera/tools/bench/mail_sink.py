"""An SMTP server that accepts every mail and keeps none, as a process of its own.

Usage: `python -m ampera.tools.bench.mail_sink PORT`.
"""

import socketserver
import sys

GREETING = b"220 sink ESMTP\r\n"
ANSWERS = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n", b"EHLO": b"250-sink\r\n250 8BITMIME\r\n"}
OK = b"250 OK\r\n"
END = b".\r\n"


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.wfile.write(GREETING)
        while line := self.rfile.readline():
            verb = line[:4].upper()
            self.wfile.write(ANSWERS.get(verb, OK))
            if verb == b"DATA":
                while self.rfile.readline() not in (END, b""):
                    pass
                self.wfile.write(OK)
            elif verb == b"QUIT":
                return


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    Sink(("127.0.0.1", int(sys.argv[1])), Conversation).serve_forever()
