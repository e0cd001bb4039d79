"""What the shipped bot sends when Telegram has limits, loses answers, or the bot is killed meanwhile."""
import os
import unittest

from tests.system.world import ANNA, LIMIT, World


class Sending(World):
    def answers(self, contains="/balance"):
        return [text for text in self.bot_texts() if contains in text]

    def await_answers(self, count, contains="/balance"):
        after = 0
        while len(self.answers(contains)) < count:
            after = self.await_event(after, kind="message", outgoing=False, contains=contains)["seq"]
        return self.answers(contains)

    def await_hit(self, fault):
        """Until the fault has met a call."""
        deadline = os.times().elapsed + LIMIT
        while os.times().elapsed < deadline:
            faults = self.control("faults")
            if any(one["id"] == fault and one["hits"] > 0 for one in faults["faults"] + faults["done"]):
                return
            self.control("calls", since=0, method="getMe", timeout=0)
        self.fail("nothing met the fault")

    def fault(self, **what):
        self.control("faults", what)
        return self.control("faults")["faults"][-1]["id"]

    def test_with_pacing_no_flood_limit_is_met(self):
        self.control("flood-limits", {"enabled": True})
        self.start_bot(send_pacing="on")
        for _ in range(6):
            self.send("/help")
        self.assertEqual(len(self.await_answers(6)), 6)
        self.assertEqual(self.control("flood-limits")["refusals"], 0)

    def test_without_pacing_flood_limits_are_waited_out_and_nothing_is_lost_or_doubled(self):
        self.control("flood-limits", {"enabled": True, "private_burst": 2})
        bot = self.start_bot(send_pacing="off")
        for _ in range(5):
            self.send("/help")
        self.await_handled(bot, ANNA, 5)
        self.await_answers(5)
        self.assertGreater(self.control("flood-limits")["refusals"], 0)
        self.stop(bot)
        self.assertEqual(len(self.answers()), 5)

    def test_a_message_that_was_not_executed_is_sent_again(self):
        self.start_bot()
        self.fault(method="sendMessage", chat=ANNA, action="flood", retry_after=1)
        self.send("/help")
        self.assertEqual(len(self.await_answers(1)), 1)

    def test_a_message_whose_answer_was_lost_is_not_sent_again_and_that_is_said(self):
        bot = self.start_bot()
        self.fault(method="sendMessage", chat=ANNA, action="drop_after")
        self.send("/help")
        self.await_line(bot, "may have been sent; not repeated")
        self.stop(bot)
        self.assertEqual(len(self.answers()), 1)

    def test_a_message_on_its_way_at_a_kill_is_not_sent_again_and_that_is_said(self):
        bot = self.start_bot()
        fault = self.fault(method="sendMessage", chat=ANNA, action="delay", delay_ms=1000)
        self.send("/help")
        self.await_hit(fault)
        bot.kill()
        again = self.start_bot()
        self.await_line(again, "may have been sent; not repeated")
        self.ask("/status")
        self.stop(again)
        self.assertLessEqual(len(self.answers()), 1, self.transcript())


if __name__ == "__main__":
    unittest.main()
