"""A person talks to the shipped bot in the shipped sandbox."""
import unittest

from tests.system.world import ANNA, BORIS, World


class Chat(World):
    def test_start_greets_and_shows_a_menu(self):
        self.start_bot()
        greeting = self.ask("/start", "Anna")
        self.assertTrue(greeting["reply_markup"]["inline_keyboard"])

    def test_balance_is_the_answer_of_a_signed_request(self):
        self.control("dmarket", {"usd": 123456, "usd_withdraw": 100000, "usd_protected": 789})
        self.start_bot()
        text = self.ask("/balance", "$1234.56")["text"]
        self.assertIn("$1000.00", text)
        self.assertIn("$7.89", text)

    def test_a_wrong_key_is_explained_and_not_hidden(self):
        self.start_bot(dmarket_public_key=None, dmarket_secret_key="11" * 32)
        text = self.ask("/balance", "key")["text"]
        self.assertNotIn("$", text)

    def test_without_keys_balance_says_what_to_set(self):
        self.start_bot(dmarket_public_key=None, dmarket_secret_key=None)
        self.assertIn("DMARKET_SECRET_KEY", self.ask("/balance", "DMARKET")["text"])

    def test_a_clock_that_differs_is_corrected_by_the_exchanges_date(self):
        self.control("dmarket", {"clock_skew": 3600})
        self.start_bot()
        self.assertIn("$", self.ask("/balance", "$")["text"])

    def test_help_lists_what_the_caller_may_use(self):
        self.start_bot()
        admin = self.ask("/help", "/balance")["text"]
        viewer = self.ask("/help", "/balance", user=BORIS)["text"]
        self.assertIn("/stats", admin)
        self.assertNotIn("/stats", viewer)

    def test_unknown_commands_get_a_suggestion(self):
        self.start_bot()
        self.assertIn("/balance", self.ask("/balanse", "/balance")["text"])

    def test_strangers_get_one_short_answer_and_then_silence(self):
        bot = self.start_bot(allowed_users=str(BORIS), admin_users=None)
        first = self.ask("/start", str(ANNA))
        self.assertIn(str(ANNA), first["text"])
        self.send("/balance")
        self.await_handled(bot, ANNA, 2)
        self.stop(bot)  # whatever was queued has left then
        self.assertEqual(len(self.bot_texts()), 1, self.transcript())

    def test_statistics_are_for_admins(self):
        self.start_bot()
        self.ask("/balance", "$")
        text = self.ask("/stats", "total_requests")["text"]
        self.assertIn("/balance", text)
        self.assertNotIn("total_requests", self.ask("/stats", user=BORIS)["text"])

    def test_language_and_time_zone_survive_a_restart_and_a_kill(self):
        bot = self.start_bot()
        self.ask("/settings")
        pressed = self.press("Русский")
        self.await_event(pressed, kind="edit", contains="Язык")
        self.stop(bot)
        bot = self.start_bot()
        self.ask("/status", "Версия")
        bot.kill()
        self.start_bot()
        self.ask("/status", "Версия")

    def test_a_russian_is_greeted_in_russian_at_first_sight(self):
        self.start_bot()
        self.assertRegex(self.ask("/start", "Boris", user=BORIS)["text"], "[а-я]")

    def test_a_flood_gets_one_notice_that_names_the_wait(self):
        bot = self.start_bot(rate_limit_requests="3", rate_limit_window="60s")
        for _ in range(8):
            self.send("/status", user=BORIS)
        self.ask("/status")  # Anna is not limited by Boris
        self.await_handled(bot, BORIS, 8)
        self.stop(bot)
        answers = [text for text in self.bot_texts(BORIS) if "Верси" in text]
        notices = [text for text in self.bot_texts(BORIS) if "Верси" not in text]
        self.assertEqual(len(answers), 3)
        self.assertEqual(len(notices), 1, self.bot_texts(BORIS))
        self.assertRegex(notices[0], r"\b(60|59|58|57|56|55)\b")

    def test_a_poison_update_stops_nothing(self):
        self.start_bot()
        self.control("inject", {"bot": 4242, "raw": '{"update_id":{id},"message":{"message_id":"not a number","chat":7}}'})
        self.control("inject", {"bot": 4242, "raw": '{"update_id":{id},"message":"\\ud800 \xff"}'})
        self.control("inject", {"bot": 4242, "update": {"kind_of_next_year": {"x": 1}}})
        self.ask("/status")


if __name__ == "__main__":
    unittest.main()
