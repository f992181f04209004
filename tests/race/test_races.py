"""Whatever eight clients do at the same moment, one of them does it. `--rounds 200` is the long run."""

import pytest

from ampera import db
from ampera.tools.auditing import proof
from tests.conftest import on_both
from tests.race.races import RACES


@on_both
@pytest.mark.parametrize("race", RACES, indirect=True)
def test_of_eight_at_once_one_succeeds(race, clients, request):
    for n in range(request.config.getoption("--rounds")):
        outcome = race.round(clients)
        assert outcome.happened == 1 and outcome.is_polite, f"round {n}: {outcome}"
    with db.reading() as session:
        assert proof.verify(session)["ok"]
