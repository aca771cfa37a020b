"""A worker on asyncio: closes its channel at once when told to stop, with actions in hand."""

import asyncio
import random
import signal
import time

import grpc
import protocol
from protocol import OspreyCoordinatorServiceStub
from worker_diary import WorkerDiary
from worker_settings import WorkerSettings


class AsyncioWorker:
    def __init__(self, target: str, settings: WorkerSettings, diary: WorkerDiary) -> None:
        self._target = target
        self._settings = settings
        self._diary = diary
        self._in_hand = 0

    async def run(self) -> None:
        """Works until SIGTERM or SIGINT."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        channel = grpc.aio.insecure_channel(self._target)
        stub = OspreyCoordinatorServiceStub(channel)
        streams = [
            asyncio.create_task(self._keep_streaming(stub, n))
            for n in range(self._settings.streams)
        ]
        await stop.wait()
        self._diary.counts["in_hand_at_stop"] = self._in_hand
        await channel.close()
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)

    async def _keep_streaming(self, stub: OspreyCoordinatorServiceStub, number: int) -> None:
        while True:
            if self._diary.ended(await self._serve(stub, f"{self._settings.client_id}-{number}")):
                await asyncio.sleep(random.uniform(0.1, 0.5))

    async def _serve(self, stub: OspreyCoordinatorServiceStub, client_id: str) -> grpc.StatusCode:
        call = stub.OspreyBidirectionalStream()
        self._diary.count("streams")
        try:
            await call.write(protocol.initial(client_id))
            await self._converse(call)
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            pass  # the status says it all
        return await call.code()

    async def _converse(self, call) -> None:
        oldest = time.monotonic() + self._settings.rotation_seconds()
        left = False
        while (action := await call.read()) is not grpc.aio.EOF:
            if left:
                self._diary.violated("an action came after the disconnect")
                continue
            result = await self._handle(action)
            left = time.monotonic() > oldest
            await call.write(protocol.disconnect(result) if left else protocol.answer(result))
            if left:
                self._diary.count("rotated")
                await call.done_writing()

    async def _handle(self, action):
        number = self._diary.took(action)
        self._in_hand += 1
        await asyncio.sleep(self._settings.hold_seconds)
        self._in_hand -= 1
        nacked = self._settings.is_nacked(number)
        self._diary.count("nacked" if nacked else "acked")
        return protocol.nack(action.ack_id) if nacked else protocol.ack(action)
