"""/panic: stopped at once, whatever the exchange does; what it takes down is told step by step, in the same message."""
import time

from tests.system.test_trader import TraderWorld
from tests.system.world import ANNA, BORIS

DELETE_TARGETS = "/marketplace-api/v1/user-targets/delete"
AT_ONCE = 1.0  # seconds from the command to its answer


class Panic(TraderWorld):
    def panic(self, user=ANNA, contains="No order leaves"):
        begun = time.monotonic()
        message = self.ask("/panic", contains, user)
        self.assertLess(time.monotonic() - begun, AT_ONCE)
        return message

    def now(self):
        return self.control("state")["seq"]

    def fault(self, path="/", **what):
        self.control("faults", {"method": "dmarket", "path": path, "count": 0, **what})

    def await_edit(self, after, contains, user=ANNA):
        return self.await_event(after, user, kind="edit", outgoing=False, contains=contains)["message"]

    def unlocked_target(self, **environment):
        """One that the exchange lets us delete."""
        bot = self.start_trader(**environment)
        self.go_live()
        self.await_targets(1)
        self.control("time", {"advance": 1200})
        return bot

    def test_it_answers_at_once_behind_a_deletion_that_hangs(self):
        self.unlocked_target()
        self.fault(DELETE_TARGETS, action="delay", delay_ms=8000)
        after = self.now()
        message = self.panic()
        self.await_edit(after, "1 of 1")
        self.assertIn(self.title, message["text"], "what is to be deleted is named before it is")
        self.assertEqual(self.books()["targets"], [])

    def test_it_answers_at_once_in_a_storm_of_refusals(self):
        self.unlocked_target()
        self.fault(action="flood", retry_after=5)
        self.panic()
        self.control("faults", {"clear": True})
        self.await_targets(0)

    def test_it_does_not_wait_for_its_persons_other_command(self):
        self.unlocked_target()
        self.fault("/account/v1/balance", action="delay", delay_ms=9000)
        self.send("/status")
        self.until("/status asks the exchange", lambda: self.control("faults")["faults"][0]["hits"])
        self.panic()

    def test_its_message_follows_what_becomes_of_the_orders_until_the_last_one_is_gone(self):
        bot = self.start_trader()
        self.go_live()
        self.await_targets(1)
        after = self.now()
        message = self.panic()
        self.assertRegex(message["text"], r"0 of 1\n.*locked by DMarket until 20\d\d-\d\d-\d\d \d\d:\d\d")
        self.control("time", {"advance": 1200})
        gone = self.await_edit(after, "1 of 1")
        self.assertEqual(gone["message_id"], message["message_id"])
        self.await_event(after, kind="message", outgoing=False, contains="The last order of the bot is gone")
        self.assertEqual(self.books()["targets"], [])
        self.assert_sound()
        self.stop(bot)

    def test_every_admin_is_answered_and_sees_how_it_goes_on(self):
        self.unlocked_target(admin_users=f"{ANNA},{BORIS}")
        self.fault(DELETE_TARGETS, action="delay", delay_ms=3000)
        after = self.now()
        self.panic()
        self.panic(BORIS, contains="Новых заявок не будет")
        self.await_edit(after, "1 of 1")
        self.await_edit(after, "1 из 1", BORIS)
        for user, text in ((ANNA, "The last order"), (BORIS, "Последней заявки")):
            self.await_event(after, user, kind="message", outgoing=False, contains=text)

    def test_offers_go_too(self):
        self.unlocked_target()
        self.control("market", {"act": "sell", "target": self.books()["targets"][0]["target"]})
        self.until("an offer", lambda: self.books()["offers"])
        self.control("time", {"advance": 1200})
        self.panic()
        self.until("no order is left", lambda: not self.books()["offers"] and not self.books()["targets"])
        self.assert_sound()

    def test_a_kill_behind_its_answer_changes_nothing(self):
        bot = self.start_trader()
        self.go_live()
        self.await_targets(1)
        self.panic()
        bot.kill()
        self.start_trader()
        self.control("time", {"advance": 1200})
        self.await_targets(0)
        self.assertIn("stopped by /panic", self.ask("/status", "Trading")["text"])
