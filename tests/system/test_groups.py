"""The shipped bot in groups, and with people who may not use it."""
import unittest

from tests.system.world import ANNA, BORIS, World

FIRST = 700000001  # number of the first stranger
TELEGRAM, ANONYMOUS_ADMIN, CHANNEL = 777000, 1087968824, 136817688


class Groups(World):
    def make_group(self, strangers=0, kind="supergroup"):
        """A group with Anna, Boris, strangers, and the bot, which reads everything that is said there."""
        people = [FIRST + i for i in range(strangers)]
        for person in people:
            self.control("users", {"id": person, "first_name": "Stranger"})
        self.control("bots", {"id": 4242, "can_read_all_group_messages": True})
        members = [BORIS, *people]
        chat = self.control("chats", {"type": kind, "title": "Traders", "creator": ANNA, "members": members, "bots": [4242]})
        return chat["chat"]["chat"], people

    def said(self, group):
        """What the bot has said in the group."""
        entries = self.control("transcript", chat=group)["messages"]
        return [entry["message"] for entry in entries if entry["message"].get("from", {}).get("id") == 4242
                and "text" in entry["message"]]

    def await_said(self, group, after, contains):
        return self.await_event(after, chat=group, kind="message", contains=contains, outgoing=False)["message"]

    def name(self):
        return next(bot["username"] for bot in self.control("state")["bots"] if bot["id"] == 4242)

    def test_strangers_who_talk_join_edit_and_pin_are_told_nothing_and_hold_up_nobody(self):
        bot = self.start_bot(send_pacing="on")
        group, people = self.make_group(12)
        for person in people:
            self.control("send", {"user": person, "chat": group, "text": "what a day"})
            self.control("inject", {"bot": 4242, "update": {"message": {
                "message_id": 900000, "date": 1790000000, "chat": {"id": group, "type": "supergroup"},
                "from": {"id": person, "is_bot": False, "first_name": "S"},
                "new_chat_members": [{"id": person, "is_bot": False, "first_name": "S"}]}}})
            self.control("inject", {"bot": 4242, "update": {"edited_message": {
                "message_id": 900000, "date": 1790000000, "edit_date": 1790000001, "text": "/start",
                "chat": {"id": person, "type": "private"}, "from": {"id": person, "is_bot": False, "first_name": "S"}}}})
        asked = self.control("send", {"user": ANNA, "chat": group, "text": f"/status@{self.name()}"})["seq"]
        self.await_said(group, asked, "")
        self.stop(bot)
        self.assertEqual(len(self.said(group)), 1, self.said(group))
        self.assertFalse([call for call in self.control("calls", since=0, method="sendMessage")["calls"]
                          if str(FIRST) in str(call)])

    def test_a_stranger_who_turns_to_the_bot_is_told_once_also_after_restarts_and_without_his_number_in_groups(self):
        bot = self.start_bot()
        group, (stranger,) = self.make_group(1)
        start = f"/start@{self.name()}"
        asked = self.control("send", {"user": stranger, "chat": group, "text": start})["seq"]
        self.assertNotIn(str(stranger), self.await_said(group, asked, "private")["text"])
        self.control("send", {"user": stranger, "chat": group, "text": start})
        self.await_handled(bot, stranger, 2)
        self.stop(bot)
        bot = self.start_bot()
        self.control("send", {"user": stranger, "chat": group, "text": start})
        self.send("hello", user=stranger)
        self.await_handled(bot, stranger, 2)
        self.stop(bot)
        self.assertEqual(len(self.said(group)), 1, self.said(group))
        self.assertEqual(self.bot_texts(stranger), [])

    def test_answers_go_before_refusals(self):
        bot = self.start_bot(send_pacing="on")
        group, people = self.make_group(12)
        for person in people:
            self.control("send", {"user": person, "chat": group, "text": f"/start@{self.name()}"})
        asked = self.control("send", {"user": ANNA, "chat": group, "text": f"/ping@{self.name()}"})["seq"]
        self.await_handled(bot, ANNA, 1)
        texts = self.await_own_answer(group, asked)
        refused = [text for text in texts if "private" in text]
        self.assertLessEqual(len(refused), 4, texts)  # three leave at once, and one more may be under way

    def await_own_answer(self, group, after):
        """All that the bot has said when its answer that is no refusal is there."""
        while True:
            event = self.await_event(after, chat=group, kind="message", outgoing=False)
            after = event["seq"]
            texts = [message["text"] for message in self.said(group)]
            if any("private" not in text for text in texts):
                return texts

    def test_whoever_speaks_as_a_chat_or_through_a_service_account_is_offered_no_number(self):
        bot = self.start_bot()
        for account in (TELEGRAM, ANONYMOUS_ADMIN, CHANNEL):
            self.control("users", {"id": account, "first_name": "Service"})
            self.send("hello", user=account)
            self.await_handled(bot, account, 1)
        self.stop(bot)
        for account in (TELEGRAM, ANONYMOUS_ADMIN, CHANNEL):
            self.assertNotIn(str(account), "".join(self.bot_texts(account)))

    def test_the_rate_limits_notice_is_only_for_who_turns_to_the_bot(self):
        bot = self.start_bot(rate_limit_requests="2")
        group, _ = self.make_group()
        for _ in range(6):
            self.control("send", {"user": BORIS, "chat": group, "text": "what a day"})
        self.await_handled(bot, BORIS, 6)
        self.stop(bot)
        self.assertEqual(self.said(group), [])


if __name__ == "__main__":
    unittest.main()
