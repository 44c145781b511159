import asyncio

import radimpress.serving.health as health_module
from radimpress.serving.health import Health


def test_the_reasons_for_503_by_rank():
    async def main():
        health = Health()
        seen = [health.problem(0, 30)]
        health.loaded = True
        seen += [health.problem(0, 30), health.problem(31, 30)]
        health.failed()
        seen.append(health.problem(31, 30))
        health.draining = True
        seen.append(health.problem(0, 30))
        return seen

    assert asyncio.run(main()) == ["loading", None, "stuck", "failing", "draining"]


def watched(health, answers, seconds=0.3):
    """Watch with golden answers (None: well, an error: raised); the problems seen before each."""
    seen = []

    async def ask():
        seen.append(health.problem(0, 30))
        if (error := answers.pop(0) if answers else None) is not None:
            raise error

    async def main():
        watching = asyncio.create_task(health.watch(ask))
        await asyncio.sleep(seconds)
        watching.cancel()

    return main, seen


def test_a_failure_lasts_until_the_golden_requests_are_answered(monkeypatch, capsys):
    monkeypatch.setattr(health_module, "RETRY_S", 0.01)
    health = Health()
    health.loaded = True
    main, seen = watched(health, [ValueError("secret"), ValueError("secret"), None])

    async def scenario():
        health.failed()
        await main()

    asyncio.run(scenario())
    assert seen == ["failing", "failing", "failing"]
    assert health.problem(0, 30) is None
    assert "secret" not in capsys.readouterr().err


def test_an_idle_model_is_asked_and_found_out(monkeypatch):
    monkeypatch.setattr(health_module, "IDLE_S", 0.02)
    monkeypatch.setattr(health_module, "RETRY_S", 60)
    health = Health()
    health.loaded = True
    main, seen = watched(health, [ValueError()])
    asyncio.run(main())
    assert seen == [None]
    assert health.problem(0, 30) == "failing"


def test_a_model_that_answers_others_is_left_alone(monkeypatch):
    monkeypatch.setattr(health_module, "IDLE_S", 0.05)
    health = Health()
    health.loaded = True
    main, seen = watched(health, [])

    async def scenario():
        answering = asyncio.create_task(main())
        for _ in range(60):
            health.succeeded()
            await asyncio.sleep(0.005)
        await answering

    asyncio.run(scenario())
    assert seen == []


def test_nothing_is_asked_before_a_model_is_there(monkeypatch):
    monkeypatch.setattr(health_module, "IDLE_S", 0.01)
    main, seen = watched(Health(), [], seconds=0.1)
    asyncio.run(main())
    assert seen == []


def test_a_batch_that_raises_while_the_golden_requests_are_answered_has_them_asked_again():
    asked = []

    async def main():
        health = Health()
        health.loaded = True
        health.succeeded()

        async def ask():
            asked.append(health.problem(0, 30))
            if len(asked) == 1:
                health.failed()
            await asyncio.sleep(0)

        watching = asyncio.create_task(health.watch(ask))
        health.failed()
        await asyncio.sleep(0.1)
        watching.cancel()
        return health.problem(0, 30)

    assert asyncio.run(main()) is None
    assert asked == ["failing", "failing"]
