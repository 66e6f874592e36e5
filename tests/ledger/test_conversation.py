from builders import message
from clawback.ledger.conversation import join_messages


def test_a_message_in_an_export_and_a_screenshot_is_one_with_two_sources() -> None:
    export = message("请转到 6222000000000001", "2026-09-10T21:00:30", exhibit=2)
    shot = message("请转到6222000000000001", "2026-09-10T21:00", None, exhibit=3)
    (one,) = join_messages([export, shot])
    assert [source.exhibit for source in one.sources] == [2, 3]
    assert one.sender == "客服小美"


def test_a_message_sent_twice_in_one_chat_stays_two() -> None:
    first, second = message("请尽快充值", row=1), message("请尽快充值", row=2)
    assert len(join_messages([first, second])) == 2


def test_equal_words_of_other_people_or_other_times_stay_apart() -> None:
    said = message("请尽快充值", "2026-09-10T21:00")
    other = message("请尽快充值", "2026-09-10T21:00", "别人", exhibit=3)
    later = message("请尽快充值", "2026-09-10T21:05", exhibit=4)
    undated = message("请尽快充值", None, exhibit=5)
    assert len(join_messages([said, other, later, undated])) == 4


def test_a_bare_ok_proves_nothing() -> None:
    assert len(join_messages([message("好的", exhibit=2), message("好的", exhibit=3)])) == 2
