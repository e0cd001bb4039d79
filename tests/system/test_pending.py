"""What waited at Telegram when the shipped bot starts: dropped, kept, or only the recent; payments and presses apart."""
import json
import re
import socket
import time
import unittest

from tests.system.world import ANNA, BORIS, World, http


def person(user):
    return {"id": user, "is_bot": False, "first_name": "A", "language_code": "en"}


def message(user, **more):
    return {"message": {"message_id": 1, "date": int(time.time()), "chat": {"id": user, "type": "private"},
                        "from": person(user), **more}}


def command(text, **more):
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}], **more}


PAID = {"successful_payment": {"currency": "XTR", "total_amount": 5, "invoice_payload": "p",
                               "telegram_payment_charge_id": "c", "provider_payment_charge_id": "d"}}


class Waiting(World):
    def know_people(self):
        """The bot has met them, and is away now."""
        bot = self.start_bot()
        self.ask("/help", "/balance")
        self.stop(bot)

    def inject(self, update):
        self.control("inject", {"bot": 4242, "update": update})

    def waiting(self):
        return self.control("state")["bots"][0]["pending"]

    def metrics(self, bot):
        return http(self.health_url(bot) + "/metrics?format=prometheus")[1]

    def test_by_default_all_are_dropped_counted_and_said_and_payments_are_not(self):
        self.know_people()
        for _ in range(130):
            self.inject(message(ANNA, **command("/help")))
        self.inject(message(ANNA, **PAID))
        for _ in range(130):
            self.inject(message(ANNA, **command("/help")))
        before = len(self.bot_texts())
        bot = self.start_bot(pending_updates=None)
        self.assertEqual(self.await_line(bot, r"pending updates dropped.*?updates\W+(\d+)"), "260")
        self.ask("/status", "")
        # The new command, and the payment, which no route of this bot takes.
        self.assertEqual(len(self.bot_texts()) - before, 1, self.transcript())
        lines = self.metrics(bot).split("\n")
        self.assertIn('tgkit_updates_dropped_total{reason="pending"} 260', lines)
        self.assertIn('tgkit_updates_total{kind="message"} 2', lines)
        self.stop(bot)
        self.assertEqual(self.waiting(), 0)

    def test_kept_they_are_all_answered(self):
        self.know_people()
        before = len(self.bot_texts())
        for _ in range(5):
            self.send("/help")
        bot = self.start_bot(pending_updates="keep")
        self.await_handled(bot, ANNA, 5)
        self.stop(bot)
        self.assertEqual(len(self.bot_texts()) - before, 5)

    def test_recent_ones_are_answered_and_older_ones_dropped(self):
        self.know_people()
        before = len(self.bot_texts())
        self.inject(message(ANNA, **command("/help", date=int(time.time()) - 3600)))
        self.inject(message(ANNA, **command("/help", date=int(time.time()) - 30)))
        bot = self.start_bot(pending_updates="recent:600")
        self.assertEqual(self.await_line(bot, r"pending updates dropped.*?updates\W+(\d+)"), "1")
        self.await_handled(bot, ANNA, 1)
        self.stop(bot)
        self.assertEqual(len(self.bot_texts()) - before, 1)

    def test_an_old_press_is_not_acted_on_and_answered_that_it_must_be_made_again(self):
        bot = self.start_bot()
        self.ask("/settings")
        self.stop(bot)
        before = self.control("transcript", chat=ANNA, bot=4242)["messages"]
        query = self.control("press", {"user": ANNA, "chat": ANNA, "bot": 4242, "row": 0, "col": 0})["callback_query_id"]
        bot = self.start_bot(pending_updates="keep")
        self.await_line(bot, "press not acted on")
        self.ask("/help", "/balance")
        answer = self.control("answer-state", {"callback_query_id": query})
        self.assertTrue(answer["answered"])
        self.assertIn("press again", answer["text"])
        after = self.control("transcript", chat=ANNA, bot=4242)["messages"]
        self.assertEqual(after[:len(before)], before)

    def test_a_wrong_policy_is_named(self):
        bot = self.start_bot(ready=False, pending_updates="recent:soon")
        self.assertEqual(bot.wait(), 2)
        self.assertIn("PENDING_UPDATES", bot.log())


class WaitingForAWebhook(World):
    sandbox_arguments = ["--allow-any-webhook"]

    def setUp(self):
        super().setUp()
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.port = taken.getsockname()[1]

    def start(self, **more):
        return self.start_bot(webhook_url=f"http://127.0.0.1:{self.port}/hook", webhook_port=str(self.port),
                              pending_updates="drop", **more)

    def test_what_waits_is_dropped_before_a_webhook_is_made_but_not_across_a_restart_with_it(self):
        bot = self.start_bot()
        self.ask("/help", "/balance")
        self.stop(bot)
        for _ in range(120):
            self.send("/help", BORIS)
        bot = self.start()
        self.assertEqual(self.await_line(bot, r"pending updates dropped.*?updates\W+(\d+)"), "120")
        self.ask("/status")
        bot.kill()
        before = len(self.bot_texts())
        for _ in range(3):
            self.send("/help")
        bot = self.start()
        self.await_handled(bot, ANNA, 3)
        self.stop(bot)
        self.assertEqual(len(self.bot_texts()) - before, 3, self.transcript())
        self.assertEqual(self.bot_texts(BORIS), [])


if __name__ == "__main__":
    unittest.main()
