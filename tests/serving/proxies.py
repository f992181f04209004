"""nginx and Caddy in front of a server of the product, set up as the documentation shows."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ampera.serving import tls
from tests.services import LiveServer, free_port, is_listening, wait_until

PUBLIC_URL = "https://paspor.example.go.id"
DOCUMENTED = (Path(__file__).parents[2] / "docs/operate/tls.md").read_text("utf-8")
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
    ports = {name: free_port() for name in ("nginx", "without host", "host without port", "caddy")}
    with (
        LiveServer(folder, PROXIES="1", PUBLIC_URL=PUBLIC_URL) as server,
        nginx(folder, server, ports, tls.self_made(folder)),
        caddy(folder, server, ports["caddy"]),
    ):
        yield {name: f"{'https' if name == 'nginx' else 'http'}://127.0.0.1:{port}" for name, port in ports.items()}


@contextmanager
def nginx(folder: Path, server: LiveServer, ports: dict[str, int], certificate: Path) -> Iterator[None]:
    documented = block("nginx").replace("listen 443", f"listen 127.0.0.1:{ports['nginx']}")
    documented = re.sub(r"/etc/ssl/private/paspor\.(crt|key)", str(certificate), documented)
    hosts = {"without host": "", "host without port": "proxy_set_header Host $host;"}
    others = "".join(f"server {{ listen 127.0.0.1:{ports[name]}; {MINIMAL % line} }}" for name, line in hosts.items())
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
        + (documented + others).replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
        + "}\n"
    )
    with running(["/usr/sbin/nginx", "-p", str(folder), "-c", str(config)], ports["nginx"]):
        yield


@contextmanager
def caddy(folder: Path, server: LiveServer, port: int) -> Iterator[None]:
    """Without its certificates, which it would fetch from the internet."""
    config = folder / "Caddyfile"
    text = block("caddy").replace("paspor.example.go.id", f"http://127.0.0.1:{port}")
    config.write_text("{\n admin off\n}\n" + text.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}"))
    with running(["caddy", "run", "--config", str(config), "--adapter", "caddyfile"], port):
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


def block(language: str) -> str:
    """The only code block of the documentation in this language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCUMENTED, re.DOTALL)
    return found
