"""nginx and Caddy in front of a server of the product, with the files that operators get."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ampera.serving import tls
from tests.services import LiveServer, free_port, is_listening, wait_until

PUBLIC_URL = "https://paspor.example.go.id"
FILES = Path(__file__).parents[2] / "docs/operate/files"
SITE = "{$SITE:paspor.example.go.id}"
BEHIND = {"PROXIES": "1", "PUBLIC_URL": PUBLIC_URL}
MINIMAL = """
location / {
    proxy_pass http://127.0.0.1:8000;
    proxy_http_version 1.1;
    %s
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $http_connection;
}
"""


@contextmanager
def proxied_server(folder: Path) -> Iterator[dict[str, str]]:
    """One server behind each of the proxies: the name of a proxy -> its address."""
    with LiveServer(folder, **BEHIND) as server, proxies(folder, server) as addresses:
        yield addresses


@contextmanager
def proxies(folder: Path, server: LiveServer) -> Iterator[dict[str, str]]:
    """The proxies in front of this server: the name of a proxy -> its address."""
    ports = {
        name: free_port()
        for name in ("nginx", "http", "without host", "host without port", "caddy", "caddy tls", "caddy http")
    }
    certificate = tls.self_made(folder)
    with nginx(folder, server, ports, certificate), caddy(folder, server, ports, certificate):
        secure = ("nginx", "caddy tls")
        yield {name: f"{'https' if name in secure else 'http'}://127.0.0.1:{port}" for name, port in ports.items()}


@contextmanager
def nginx(folder: Path, server: LiveServer, ports: dict[str, int], certificate: Path) -> Iterator[None]:
    file = (FILES / "nginx/ampera.conf").read_text("utf-8")
    file = re.sub(r"/etc/ssl/private/paspor\.(crt|key)", str(certificate), file)
    file = file.replace("listen 443", f"listen 127.0.0.1:{ports['nginx']}").replace("/var/log/nginx", str(folder))
    file = file.replace("listen 80", f"listen 127.0.0.1:{ports['http']}")
    hosts = {"without host": "", "host without port": "proxy_set_header Host $host;"}
    others = "".join(f"server {{ listen 127.0.0.1:{ports[name]}; {MINIMAL % line} }}" for name, line in hosts.items())
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        + (file + others).replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
        + "}\n"
    )
    with running(["/usr/sbin/nginx", "-p", str(folder), "-c", str(config)], ports["nginx"]):
        yield


@contextmanager
def caddy(folder: Path, server: LiveServer, ports: dict[str, int], certificate: Path) -> Iterator[None]:
    """Once with the test's certificate and once without TLS, since Caddy would fetch its own from the internet."""
    text = (FILES / "caddy/Caddyfile").read_text("utf-8").replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
    file, plain = text.split("# Pages are sent")
    secure = f"https://127.0.0.1:{ports['caddy tls']} {{\n tls {certificate} {certificate}"
    config = folder / "Caddyfile"
    config.write_text(
        "{\n admin off\n auto_https disable_redirects\n}\n"
        + file.replace(f"{SITE} {{", f"http://127.0.0.1:{ports['caddy']} {{")
        + file.replace(f"{SITE} {{", secure)
        + "#"
        + plain.replace(f"http://{SITE}", f"http://127.0.0.1:{ports['caddy http']}")
    )
    with running(["caddy", "run", "--config", str(config), "--adapter", "caddyfile"], ports["caddy"]):
        yield


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_listening(port), f"{command[0]} does not listen")
        yield
    finally:
        process.terminate()
        process.wait()
