"""The PDF files behind an applicant's link: drawn once, one at a time, and only so often."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ampera.errors import Problem
from ampera.web import paper_tasks
from ampera.web.paper_tasks import KEPT, KEPT_SECONDS, MOST_WAITING, Papers
from tests import builders
from tests.board import steps

PATHS = ("slip.pdf", "slip.pdf?size=a4", "surat-kuasa.pdf")


@pytest.mark.parametrize("path", PATHS)
def test_the_same_paper_is_drawn_once(app, client, path):
    builders.ready(1)
    address = f"/p/{steps.link(1)}/{path}"
    first, again = client.get(address), client.get(address)
    assert first.status_code == 200 and first.data.startswith(b"%PDF")
    assert again.data == first.data
    assert len(app.extensions["ampera.papers"].kept) == 1


def test_a_paper_whose_content_has_changed_is_drawn_again(app, client):
    builders.ready(1)
    address = f"/p/{steps.link(1)}/slip.pdf"
    first = client.get(address).data
    builders.ready(2)
    other = client.get(f"/p/{steps.link(2)}/slip.pdf").data
    assert first != other and len(app.extensions["ampera.papers"].kept) == 2


@pytest.mark.parametrize("path", [*PATHS[::2], "receipt.pdf", "qr.png"])
def test_one_link_gets_only_so_many_files(client, path):
    builders.ready(1)
    builders.ready(2)
    link, other = steps.link(1), steps.link(2)
    statuses = [client.get(f"/p/{link}/{path}").status_code for _ in range(61)]
    assert statuses[0] in (200, 404) and statuses[-1] == 429
    assert client.get(f"/p/{other}/{path}").status_code != 429, "another family waits for the first"


def test_simultaneous_requests_draw_a_paper_once():
    papers, drawn = Papers(), []

    def make() -> bytes:
        drawn.append(1)
        return b"%PDF invented"

    with ThreadPoolExecutor(8) as pool:
        files = list(pool.map(lambda _n: papers.draw("slip", "Contoh", make), range(MOST_WAITING)))
    assert set(files) == {b"%PDF invented"} and len(drawn) == 1


def test_only_so_many_wait_for_a_paper():
    papers, may_end = Papers(), threading.Event()
    with ThreadPoolExecutor(MOST_WAITING) as pool:

        def draw(number: int) -> bytes:
            return papers.draw("slip", number, lambda: may_end.wait() and b"%PDF")

        waiting = [pool.submit(draw, number) for number in range(MOST_WAITING)]
        while papers.waiting < MOST_WAITING:
            pass
        with pytest.raises(Problem, match="unavailable"):
            papers.draw("slip", "one more", lambda: b"")
        may_end.set()
        assert [each.result() for each in waiting] == [b"%PDF"] * MOST_WAITING


def test_old_papers_make_room():
    papers = Papers()
    for number in range(KEPT + 5):
        papers.draw("slip", number, lambda: b"%PDF")
    assert len(papers.kept) == KEPT


def test_paper_leaves_the_memory_in_time_although_somebody_asks_again():
    moments = [0.0]
    papers = Papers(lambda: moments[0])
    papers.draw("slip", "Contoh", lambda: b"first")
    moments[0] = KEPT_SECONDS - 1
    assert papers.draw("slip", "Contoh", lambda: b"second") == b"first"
    moments[0] = KEPT_SECONDS
    papers.forget_old()
    assert not papers.kept and papers.draw("slip", "Contoh", lambda: b"second") == b"second"


def test_server_forgets_papers_while_nobody_asks_for_another(app):
    moments = [0.0]
    papers = app.extensions["ampera.papers"] = Papers(lambda: moments[0])
    papers.draw("slip", "Contoh", lambda: b"%PDF")
    moments[0] = KEPT_SECONDS
    paper_tasks.forget_old()
    assert not papers.kept


class Unnamed:
    """Its `repr` is its place in memory, which the next object may get."""


def test_content_without_plain_values_is_refused():
    papers = Papers()
    with pytest.raises(TypeError):
        papers.draw("slip", Unnamed(), lambda: b"%PDF")
