import asyncio
import threading
import time

import pytest

from radimpress.config.serving import Serving
from radimpress.serving.batching import Batcher
from radimpress.serving.meters import Meters
from radimpress.serving.refusals import Code, Refusal
from radimpress.serving.requests import Ask, Options


class Model:
    """Writes "<text>!" once `gate` is open; keeps its batches."""

    def __init__(self, fails=()):
        self.gate = threading.Event()
        self.gate.set()
        self.batches, self.fails = [], fails

    def write(self, options, asks):
        self.batches.append([ask.findings for ask in asks])
        self.gate.wait(10)
        if any(ask.findings in self.fails for ask in asks):
            raise ValueError("secret findings")
        return [f"{ask.findings}!" for ask in asks]


def run(scenario, model=None, finish=lambda ask, draft: draft, **settings):
    model = model or Model()
    told = []

    async def main():
        batcher = Batcher(
            model.write,
            finish,
            Serving(**settings),
            Meters(),
            lambda: told.append("success"),
            lambda: told.append("error"),
        )
        working = asyncio.create_task(batcher.run())
        try:
            async with asyncio.timeout(20):
                return await scenario(batcher, model)
        finally:
            working.cancel()

    return asyncio.run(main()), told


def soon():
    return asyncio.get_running_loop().time() + 10


GREEDY = Options()


def asks(*texts, options=GREEDY):
    return [Ask(text, options=options) for text in texts]


def test_answers_come_in_the_order_of_the_request():
    async def scenario(batcher, model):
        return await batcher.accept(asks("a", "b", "c"), soon()).answers

    assert run(scenario) == (["a!", "b!", "c!"], ["success"])


def test_a_lone_request_is_written_at_once_and_alone():
    async def scenario(batcher, model):
        for text in "abc":
            began = time.perf_counter()
            await batcher.accept(asks(text), soon()).answers
            assert time.perf_counter() - began < 0.9
        return model.batches

    assert run(scenario, max_wait_ms=1000)[0] == [["a"], ["b"], ["c"]]


async def _busy(batcher, model):
    """Have the model hold a first batch; returns its ticket."""
    model.gate.clear()
    first = batcher.accept(asks("first"), soon())
    while not model.batches:
        await asyncio.sleep(0.001)
    return first


def test_what_arrives_while_the_model_is_busy_is_one_batch():
    async def scenario(batcher, model):
        first = await _busy(batcher, model)
        later = [batcher.accept(asks(text), soon()) for text in "abcde"]
        model.gate.set()
        answers = await asyncio.gather(first.answers, *(ticket.answers for ticket in later))
        return answers, model.batches

    answers, batches = run(scenario)[0]
    assert batches == [["first"], ["a", "b", "c", "d", "e"]]
    assert answers == [["first!"], ["a!"], ["b!"], ["c!"], ["d!"], ["e!"]]


def test_no_batch_is_larger_than_allowed():
    async def scenario(batcher, model):
        await batcher.accept(asks(*"abcdefgh"), soon()).answers
        return model.batches

    assert run(scenario, max_batch=3)[0] == [["a", "b", "c"], ["d", "e", "f"], ["g", "h"]]


def test_reports_decoded_differently_are_in_different_batches_oldest_first():
    beams = Options(num_beams=2)

    async def scenario(batcher, model):
        first = await _busy(batcher, model)
        tickets = [
            batcher.accept(asks("a"), soon()),
            batcher.accept(asks("b", options=beams), soon()),
            batcher.accept(asks("c"), soon()),
            batcher.accept(asks("d", options=beams), soon()),
        ]
        model.gate.set()
        await asyncio.gather(first.answers, *(ticket.answers for ticket in tickets))
        return model.batches

    assert run(scenario)[0] == [["first"], ["a", "c"], ["b", "d"]]


def test_a_request_that_does_not_fit_is_refused_whole():
    async def scenario(batcher, model):
        first = await _busy(batcher, model)
        waiting = batcher.accept(asks("a", "b"), soon())
        with pytest.raises(Refusal) as caught:
            batcher.accept(asks("c", "d"), soon())
        assert batcher.queued == 2
        last = batcher.accept(asks("e"), soon())
        model.gate.set()
        await asyncio.gather(first.answers, waiting.answers, last.answers)
        return caught.value, model.batches

    refusal, batches = run(scenario, max_queue=3)[0]
    assert (refusal.status, refusal.code) == (429, Code.queue_full)
    assert int(refusal.headers["Retry-After"]) >= 1
    assert batches == [["first"], ["a", "b", "e"]]


def test_what_nobody_waits_for_is_never_written_and_frees_its_place():
    async def scenario(batcher, model):
        first = await _busy(batcher, model)
        gone = batcher.accept(asks("gone", "away"), soon())
        gone.abandon()
        late = batcher.accept(asks("late"), asyncio.get_running_loop().time() - 1)
        kept = batcher.accept(asks("kept"), soon())
        model.gate.set()
        await asyncio.gather(first.answers, kept.answers)
        late.abandon()
        return model.batches

    assert run(scenario, max_queue=3)[0] == [["first"], ["kept"]]


def test_one_bad_report_does_not_fail_its_batch(capsys):
    async def scenario(batcher, model):
        first = await _busy(batcher, model)
        tickets = [batcher.accept(asks(text), soon()) for text in ("good", "bad", "fine")]
        model.gate.set()
        found = await asyncio.gather(
            first.answers, *(ticket.answers for ticket in tickets), return_exceptions=True
        )
        after = await batcher.accept(asks("after"), soon()).answers
        return found, after

    (found, after), told = run(scenario, Model(fails=("bad",)))
    assert found[0] == ["first!"]
    assert found[1] == ["good!"]
    assert found[3] == ["fine!"]
    assert found[2].code is Code.generation_failed
    assert found[2].status == 500
    assert after == ["after!"]
    assert told.count("error") == 2
    assert "secret" not in capsys.readouterr().err


def test_a_request_fails_whole_where_one_of_its_reports_does():
    async def scenario(batcher, model):
        with pytest.raises(Refusal):
            await batcher.accept(asks("good", "bad"), soon()).answers
        return await batcher.accept(asks("next"), soon()).answers

    assert run(scenario, Model(fails=("bad",)))[0] == ["next!"]


def test_a_report_whose_statements_cannot_be_checked_fails_alone(capsys):
    def finish(ask, draft):
        if ask.findings == "odd":
            raise KeyError("secret")
        return draft

    async def scenario(batcher, model):
        odd, fine = batcher.accept(asks("odd"), soon()), batcher.accept(asks("fine"), soon())
        with pytest.raises(Refusal) as caught:
            await odd.answers
        return caught.value.status, await fine.answers

    assert run(scenario, finish=finish)[0] == (500, ["fine!"])
    assert "secret" not in capsys.readouterr().err


def test_the_model_writes_on_while_answers_are_finished():
    finishing, written = threading.Event(), threading.Event()

    def finish(ask, draft):
        if ask.findings == "slow":
            finishing.set()
            assert written.wait(10)
        return draft

    class Watching(Model):
        def write(self, options, found):
            if found[0].findings == "next":
                assert finishing.wait(10)
                written.set()
            return super().write(options, found)

    async def scenario(batcher, model):
        slow = batcher.accept(asks("slow"), soon())
        while not model.batches:
            await asyncio.sleep(0.001)
        after = batcher.accept(asks("next"), soon())
        return await asyncio.gather(slow.answers, after.answers)

    assert run(scenario, Watching(), finish)[0] == [["slow!"], ["next!"]]


def test_the_age_of_a_batch_that_does_not_end_is_known():
    async def scenario(batcher, model):
        assert batcher.busy_for() == 0
        first = await _busy(batcher, model)
        await asyncio.sleep(0.05)
        age = batcher.busy_for()
        model.gate.set()
        await first.answers
        return age, batcher.busy_for()

    age, after = run(scenario)[0]
    assert 0.04 < age < 5
    assert after == 0


def test_a_model_that_loses_a_report_fails_one_request_and_the_next_is_answered():
    class Losing(Model):
        def write(self, options, asks):
            return super().write(options, asks)[: len(self.batches) - 1]

    async def scenario(batcher, model):
        with pytest.raises(Refusal) as caught:
            await batcher.accept(asks("a"), soon()).answers
        return caught.value.code, await batcher.accept(asks("b"), soon()).answers

    answered, told = run(scenario, Losing())
    assert answered == (Code.generation_failed, ["b!"])
    assert told == ["error", "success"]
