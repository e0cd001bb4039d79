"""What the shipped bot does when Telegram refuses the place where an answer was to appear, or its menu."""
import unittest

from tests.system.world import ANNA, World

TOPIC = 77


class Refused(World):
    def refuse(self, method, description, count=1):
        self.control("faults", {"method": method, "action": "status", "status": 400, "count": count,
                                "description": f"Bad Request: {description}"})

    def await_message(self, after, contains, chat=ANNA):
        return self.await_event(after, chat=chat, kind="message", outgoing=False, contains=contains)["message"]

    def test_a_press_whose_edit_is_refused_shows_its_page_in_a_new_message(self):
        self.start_bot()
        for description in ("message to edit not found", "message can't be edited"):
            self.ask("/menu", "")
            self.refuse("editMessageText", description)
            pressed = self.press("Help")
            self.assertTrue(self.await_message(pressed, "/balance")["reply_markup"]["inline_keyboard"])

    def test_after_live_the_mode_is_learnt_whatever_became_of_the_question(self):
        self.start_bot(dry_run="false")
        self.ask("/live", "Confirm")
        self.refuse("editMessageText", "message to edit not found")
        pressed = self.press("Yes, trade with real money")
        self.await_message(pressed, "Live: orders are real.")

    def in_topic(self, group, text):
        """Anna's command in a topic of the group that exists no more when the answer comes."""
        return self.control("inject", {"bot": 4242, "update": {"message": {
            "message_id": 900000, "date": 1790000000, "message_thread_id": TOPIC, "is_topic_message": True,
            "from": {"id": ANNA, "is_bot": False, "first_name": "Anna", "language_code": "en"},
            "chat": {"id": group, "type": "supergroup", "is_forum": True, "title": "Forum"},
            "text": text, "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}]}}})["seq"]

    def test_a_groups_own_command_is_answered_outside_a_topic_that_is_gone_and_a_balance_never(self):
        bot = self.start_bot()
        chat = self.control("chats", {"type": "supergroup", "title": "Forum", "creator": ANNA, "members": [], "bots": [4242]})
        group = chat["chat"]["chat"]
        self.in_topic(group, "/balance")
        self.await_line(bot, "message refused.*thread not found")
        self.await_message(self.in_topic(group, "/ping"), "pong", chat=group)
        self.refuse("sendMessage", "TOPIC_CLOSED")
        self.await_message(self.in_topic(group, "/ping"), "pong", chat=group)
        self.stop(bot)
        said = [entry["message"].get("text", "") for entry in self.control("transcript", chat=group)["messages"]]
        self.assertFalse([text for text in said if "$" in text], said)

    def test_the_command_menu_is_set_again_after_a_failure_at_the_start(self):
        self.control("faults", {"method": "setMyCommands", "action": "status", "status": 502, "count": 3})
        self.start_bot()
        calls, since, languages = [], 0, set()
        while not {"", "ru"} <= languages:
            answer = self.control("calls", since=since, method="setMyCommands", timeout=10)
            self.assertTrue(answer["calls"], "Telegram is not asked again")
            since = answer["next"]
            calls += answer["calls"]
            languages |= {call["parameters"].get("language_code", "") for call in answer["calls"] if call["status"] == 200}
        self.assertEqual([call["status"] for call in calls[:3]], [502] * 3)


if __name__ == "__main__":
    unittest.main()
