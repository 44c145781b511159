import asyncio
import threading

import pytest

from radimpress.serving.workers import Worker


def test_calls_run_one_after_another_in_one_other_thread():
    async def main():
        worker = Worker("test")
        order = []

        def call(number):
            order.append(number)
            return threading.current_thread().name

        names = await asyncio.gather(*(worker.run(lambda n=n: call(n)) for n in range(5)))
        return order, set(names)

    assert asyncio.run(main()) == ([0, 1, 2, 3, 4], {"test"})


def test_an_error_is_raised_where_it_is_awaited():
    async def main():
        worker = Worker("test")
        with pytest.raises(ZeroDivisionError):
            await worker.run(lambda: 1 / 0)
        return await worker.run(lambda: "still works")

    assert asyncio.run(main()) == "still works"


def test_a_call_that_outlives_its_loop_harms_nobody():
    release = threading.Event()
    workers = []

    async def main():
        workers.append(Worker("test"))
        workers[0].run(release.wait)
        await asyncio.sleep(0.01)

    asyncio.run(main())
    assert not workers[0].idle
    release.set()

    async def again():
        return await workers[0].run(lambda: 7)

    assert asyncio.run(again()) == 7


def test_a_result_nobody_waits_for_any_more_is_dropped():
    async def main():
        worker = Worker("test")
        release = threading.Event()
        future = worker.run(release.wait)
        future.cancel()
        release.set()
        return await worker.run(lambda: "next")

    assert asyncio.run(main()) == "next"
