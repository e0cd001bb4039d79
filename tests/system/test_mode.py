"""The mode tells the truth: in dry run, real orders that still stand are named everywhere, taken down by a press, told when filled."""
from tests.system.test_trader import CREATE_TARGET, TraderWorld
from tests.system.world import BORIS

DELETE_TARGETS = "/marketplace-api/v1/user-targets/delete"
SAYS_SO = r"Dry run, but 1 real targets \(\$\d+\.\d\d\) and 0 real offers stand\."


class RealOrdersInDryRun(TraderWorld):
    def live_target(self, locked=False, **environment):
        bot = self.start_trader(**environment)
        self.go_live()
        self.await_targets(1)
        if not locked:
            self.control("time", {"advance": 1200})
        return bot

    def left(self):
        """Every call that could change something and left the bot, in order."""
        return [call["path"] for call in self.control("dmarket-calls", since=0, writes="true")["calls"]]

    def balance_reads(self):
        calls = self.control("dmarket-calls", since=0, limit=100000)["calls"]
        return sum(call["path"] == "/account/v1/balance" for call in calls)

    def press_take_down(self):
        after = self.press("Take the real orders down")
        self.await_event(after, kind="edit", contains="Shall they be taken down?")
        return self.press("Yes, take them down")

    def test_every_screen_says_that_real_orders_stand_and_admins_have_the_button(self):
        self.live_target()
        self.ask("/dryrun", "Shall they be taken down?")
        for command, contains in (("/menu", "Menu"), ("/start", "Hello"), ("/status", "Status"), ("/orders", "Orders"),
                                  ("/balance", "Balance"), ("/stats", "tatistics"), ("/settings", "Settings"),
                                  ("/help", "/status")):
            message = self.ask(command, contains)
            self.assertRegex(message["text"], SAYS_SO, command)
            self.assertNotIn("nothing is changed", message["text"])
            self.assertIn("Take the real orders down", str(message["reply_markup"]), command)
        viewer = self.ask("/menu", "Меню", BORIS)
        self.assertIn("стоят настоящие заявки", viewer["text"])
        self.assertNotIn("Снять настоящие", str(viewer["reply_markup"]))
        self.assertEqual(self.left(), [CREATE_TARGET], "a screen deletes nothing")

    def test_yes_to_the_question_of_dryrun_takes_them_down_and_nothing_else_leaves(self):
        self.live_target()
        self.ask("/dryrun", "Shall they be taken down?")
        after = self.press("Yes, take them down")
        self.await_event(after, kind="edit", contains="Taken down: 1 of 1")
        self.await_event(after, kind="message", outgoing=False, contains="The last order of the bot is gone")
        self.assertEqual(self.left(), [CREATE_TARGET, DELETE_TARGETS])
        self.assertEqual(self.books()["targets"], [])
        self.assertNotIn("but", self.ask("/menu", "Menu")["text"])
        self.assert_sound()

    def test_no_leaves_them_and_what_is_filled_is_told_and_booked_as_real(self):
        bot = self.live_target()
        self.ask("/dryrun", "Shall they be taken down?")
        after = self.press("No, leave them")
        self.await_event(after, kind="edit", contains="nothing new is ordered")
        self.control("market", {"act": "sell", "target": self.books()["targets"][0]["target"]})
        told = self.await_event(after, kind="message", outgoing=False, contains="target was filled")["message"]["text"]
        self.assertIn(self.title, told)
        self.stop(bot)
        bought = [entry for entry in self.entries() if entry["kind"] == "purchase" and entry["mode"] == "real"]
        self.assertEqual(len(bought), 1)
        self.assertEqual(self.left(), [CREATE_TARGET], "no copy is offered by itself")

    def test_the_press_works_with_dry_run_in_the_configuration_and_once(self):
        self.stop(self.live_target())
        self.start_trader(live=False)
        self.ask("/menu", "Menu")
        after = self.press_take_down()
        self.await_event(after, kind="edit", contains="Taken down: 1 of 1")
        self.assertEqual(self.left(), [CREATE_TARGET, DELETE_TARGETS])
        self.ask("/panic", "No order of the bot stands")
        self.assertEqual(self.left(), [CREATE_TARGET, DELETE_TARGETS])

    def test_panic_deletes_nothing_while_the_configuration_says_dry_run(self):
        self.stop(self.live_target())
        bot = self.start_trader(live=False)
        text = self.ask("/panic", "No order leaves")["text"]
        self.assertIn("in dry run it is deleted when you say so", text)
        self.await_line(bot, "trades reconciled")
        self.assertEqual(self.left(), [CREATE_TARGET])
        after = self.press_take_down()
        self.await_event(after, kind="edit", contains="Taken down: 1 of 1")

    def test_what_is_locked_leaves_once_when_its_lock_ends(self):
        self.live_target(locked=True)
        self.ask("/dryrun", "Shall they be taken down?")
        after = self.press("Yes, take them down")
        self.await_event(after, kind="edit", contains="locked by DMarket until")
        self.assertEqual(self.left(), [CREATE_TARGET])
        self.control("time", {"advance": 1200})
        self.await_event(after, kind="edit", contains="Taken down: 1 of 1")
        self.assertEqual(self.left(), [CREATE_TARGET, DELETE_TARGETS])

    def test_a_refused_deletion_is_not_repeated_without_another_press(self):
        bot = self.live_target()
        self.control("faults", {"method": "dmarket", "path": DELETE_TARGETS, "action": "status", "status": 400,
                                "description": "no", "count": 1})
        self.ask("/dryrun", "Shall they be taken down?")
        after = self.press("Yes, take them down")
        self.await_line(bot, r"order action=delete_target outcome=failed")
        self.await_event(after, kind="edit", contains="needs another press")
        seen = self.balance_reads()
        self.until("three rounds", lambda: self.balance_reads() >= seen + 3)
        self.assertEqual(self.left().count(DELETE_TARGETS), 1)
        after = self.press_take_down()
        self.await_event(after, kind="edit", contains="Taken down: 1 of 1")
        self.assertEqual(self.left().count(DELETE_TARGETS), 2)

    def test_real_and_simulated_orders_never_share_a_list(self):
        self.live_target(rate_limit_requests="1000")
        self.ask("/dryrun", "Shall they be taken down?")
        paper = self.until("a simulated order", lambda: (lambda text: text if "Orders, simulated" in text else None)(
            self.ask("/orders", "Orders")["text"]))
        self.assertIn("(simulated)", paper)
        self.assertNotIn("the bot's", paper)
        after = self.press("Real orders")
        real = self.await_event(after, kind="edit", contains="the bot's")["message"]["text"]
        self.assertNotIn("simulated", real)
