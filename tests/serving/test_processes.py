"""The master: which workers it starts and stops, when it gives up, and what it refuses."""

import signal
import socket
from itertools import count
from types import SimpleNamespace

import pytest
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer

from ampera.serving import processes
from ampera.serving.processes import Processes
from ampera.serving.server import Server
from tests.conftest import settings_for

SEVERAL = {
    "DATABASE_URL": "postgresql+psycopg://ampera@127.0.0.1/ampera",
    "REDIS_URL": "redis://127.0.0.1",
    "WORKERS": "3",
}


class Master(Processes):
    """A master whose workers are no processes: `serve` and `die` say what they do."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.WORKERS, self.pids = {}, count(1)

    def spawn_worker(self) -> int:
        pid = next(self.pids)
        self.WORKERS[pid] = SimpleNamespace(pid=pid, age=pid, is_old=False, is_leaving=False, is_serving=False)
        return pid

    def kill_worker(self, pid: int, sig: int) -> None:
        assert sig == signal.SIGTERM

    def serve(self, *pids: int) -> None:
        for pid in pids:
            self.WORKERS[pid].is_serving = True
        self.manage_workers()

    def die(self, *pids: int) -> None:
        for pid in pids:
            del self.WORKERS[pid]
        self.manage_workers()

    def asked_to_stop(self) -> list[int]:
        return [pid for pid, worker in self.WORKERS.items() if worker.is_leaving]


@pytest.fixture
def master(tmp_path):
    master = Master(Server(settings_for(tmp_path, **SEVERAL)))
    master.manage_workers()
    return master


def test_master_starts_the_set_number_of_workers_and_a_dead_one_again(master):
    assert list(master.WORKERS) == [1, 2, 3]
    master.serve(1, 2, 3)
    master.die(2)
    assert list(master.WORKERS) == [1, 3, 4] and master.asked_to_stop() == []


def test_service_manager_learns_that_the_server_serves_when_a_worker_does(tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        master = Master(Server(settings_for(tmp_path, **SEVERAL)))
        master.manage_workers()
        with pytest.raises(BlockingIOError):
            manager.recv(100)
        master.serve(2)
        assert manager.recv(100) == b"READY=1"
        master.serve(1, 3)
        with pytest.raises(BlockingIOError):
            manager.recv(100)


def test_old_workers_serve_until_as_many_new_ones_do(master):
    master.serve(1, 2, 3)
    master.reload()
    master.manage_workers()
    assert list(master.WORKERS) == [1, 2, 3, 4, 5, 6] and master.asked_to_stop() == []
    master.serve(5)
    assert master.asked_to_stop() == [1]
    master.serve(4, 6)
    assert master.asked_to_stop() == [1, 2, 3]
    master.die(1, 2, 3)
    assert list(master.WORKERS) == [4, 5, 6] and master.asked_to_stop() == []


def test_worker_that_dies_while_old_ones_leave_is_started_again(master):
    master.serve(1, 2, 3)
    master.reload()
    master.manage_workers()
    master.serve(4, 5, 6)
    master.die(4)
    assert [pid for pid, worker in master.WORKERS.items() if not worker.is_leaving] == [5, 6, 7]


def test_worker_that_cannot_start_is_tried_again_after_a_rest_while_others_serve(master, monkeypatch):
    master.serve(1, 2)
    fails = iter([HaltServer("App failed to load.", 4), None])

    def reap(_master: Arbiter) -> None:
        if failure := next(fails):
            del master.WORKERS[3]
            raise failure

    monkeypatch.setattr(Arbiter, "reap_workers", reap)
    master.reap_workers()
    master.manage_workers()
    assert list(master.WORKERS) == [1, 2]
    monkeypatch.setattr(processes.time, "monotonic", lambda: master.rest_until)
    master.manage_workers()
    assert list(master.WORKERS) == [1, 2, 4]


def test_server_ends_when_no_worker_can_start(master, monkeypatch):
    def reap(_master: Arbiter) -> None:
        raise HaltServer("App failed to load.", 4)

    monkeypatch.setattr(Arbiter, "reap_workers", reap)
    with pytest.raises(HaltServer):
        master.reap_workers()


def test_start_on_a_used_port_ends_with_a_sentence(tmp_path, monkeypatch, capsys):
    def in_use(_arbiter: object) -> None:  # gunicorn tries for five seconds before
        raise SystemExit(1)

    monkeypatch.setattr(Arbiter, "start", in_use)
    with pytest.raises(SystemExit):
        Processes(Server(settings_for(tmp_path, BIND="127.0.0.1:4711"))).start()
    assert "127.0.0.1:4711 is in use" in capsys.readouterr().err


def test_several_workers_do_not_share_the_port_of_another_program(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        place = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(SystemExit):
            Processes(Server(settings_for(tmp_path, **SEVERAL, BIND=place))).start()
    assert f"{place} is in use" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTTIN, signal.SIGTTOU, signal.SIGUSR2, signal.SIGWINCH])
def test_signal_that_would_make_another_worker_or_master_does_nothing(tmp_path, monkeypatch, number):
    made: list[str] = []
    for name in ("manage_workers", "reexec", "kill_workers"):
        monkeypatch.setattr(Arbiter, name, lambda *_arguments, name=name: made.append(name))
    master = Processes(Server(settings_for(tmp_path)))
    before = master.num_workers
    getattr(master, f"handle_{master.SIG_NAMES[number]}")()
    assert (made, master.num_workers) == ([], before)
