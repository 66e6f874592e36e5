"""A sentence in both languages for every problem, reason and question, used by every door.

What we could not read is our failing, never the person's: the wording says so.
"""

from __future__ import annotations

from clawback.model.evidence import Problem
from clawback.model.ledger import Reason
from clawback.rules.load import load_pack

PROBLEMS: dict[str, tuple[str, str]] = {
    "amount_without_currency": ("金额没有写币种", "An amount without its currency"),
    "amounts_disagree": ("同一笔的两个金额不一致", "Two amounts of one record disagree"),
    "answer_not_understood": (
        "有一个回答没看懂，当作未答",
        "An answer was not understood and counts as open",
    ),
    "archive_too_deep": (
        "压缩包套了太多层，里层没有打开",
        "Archives nested too deep; the inner ones stay closed",
    ),
    "broken": ("文件损坏，我们没能打开", "The file is damaged; we could not open it"),
    "bytes_unreadable": ("有些字节读不出文字", "Some bytes could not be read as text"),
    "changed_while_sealing": ("封存时文件还在变", "The file changed while it was being sealed"),
    "charset_guessed": (
        "没有写明文字编码，按常见编码读取",
        "No text encoding is stated; the usual one was used",
    ),
    "compression_unknown": ("压缩方式不认识", "The compression method is not known to us"),
    "date_in_future": ("日期在未来", "The date lies in the future"),
    "date_missing": ("没有日期", "There is no date"),
    "date_not_understood": ("有一个日期没看懂", "A date was not understood"),
    "date_order_unclear": ("日期里哪个是日、哪个是月不能确定", "Day and month cannot be told apart"),
    "digits_doubtful": (
        "号码的校验位对不上，可能识别有误",
        "A number fails its check digit; it may be misread",
    ),
    "direction_unclear": ("看不出是收入还是支出，没有计入", "Money in or out is unclear; not counted"),
    "duplicate_item": ("同一条内容出现了两次", "The same item appears twice"),
    "duplicate_keys": ("数据里有重复的键", "The data repeats a key"),
    "encoding_unclear": ("文字编码不能确定", "The text encoding is unclear"),
    "encrypted": ("文件有密码，我们没能打开", "The file has a password; we could not open it"),
    "entry_not_understood": ("有一条记录没看懂", "An entry was not understood"),
    "expands_too_much": ("解压后异常巨大，已停止", "It expands far too much; stopped"),
    "extra_missing": ("需要安装附加组件才能读", "An optional part is needed to read this"),
    "json_broken": ("数据不完整", "The data is broken off"),
    "line_in_other_form": ("有一行和其他行写法不同", "A line is written unlike the others"),
    "line_not_understood": ("有一行没看懂", "A line was not understood"),
    "link_inside": ("压缩包里有指向别处的链接，没有跟随", "The archive holds a link elsewhere; not followed"),
    "link_not_followed": ("这是指向别处的链接，没有跟随", "This is a link elsewhere; not followed"),
    "low_certainty_text": ("图片上有些字认不准", "Some text in the picture is uncertain"),
    "message_too_large": ("读出的内容太大", "What was read is too large"),
    "nested_too_deep": ("嵌套太深，里层没有读", "Nested too deep; the inner part was not read"),
    "no_reader": ("我们还读不了这种文件，原件已封存", "We cannot read this kind of file yet; it is sealed"),
    "no_text_found": ("图片上没有认出文字", "No text was found in the picture"),
    "not_text": ("不是文字文件", "This is not a text file"),
    "only_first_frame_read": ("动图只读了第一帧", "Only the first frame was read"),
    "page_without_text": ("有的页没有文字层，没有读", "A page has no text layer and was not read"),
    "reader_broke_contract": (
        "读取程序给出的结果不合规，已丢弃",
        "The reader's answer broke the rules; dropped",
    ),
    "reader_crashed": ("读取这个文件时程序中断，只影响这一份", "Reading this file crashed; only this one"),
    "reader_out_of_memory": ("读取这个文件耗尽内存，已停止", "Reading this file ran out of memory; stopped"),
    "reader_too_slow": ("读取这个文件太久，已停止", "Reading this file took too long; stopped"),
    "refund_row_missing": (
        "状态写了已退款，但没有找到退款那一行",
        "It says refunded, but no refund row was found",
    ),
    "row_not_understood": ("有一行没看懂", "A row was not understood"),
    "section_not_read": ("有一部分没有读", "A section was not read"),
    "special_file": ("不是普通文件，没有读取", "Not an ordinary file; not read"),
    "statement_malformed": ("陈述文件格式不对", "The statement is malformed"),
    "system_files_left_out": ("系统自动生成的文件已略去", "Files made by the system itself were left out"),
    "table_not_understood": ("表格没看懂", "The table was not understood"),
    "text_too_large": ("文字太多，只读了前面", "Too much text; only the beginning was read"),
    "time_not_understood": ("有一个时间没看懂", "A time was not understood"),
    "time_without_day": ("只有几点几分，没有日期", "A time of day without its date"),
    "times_disagree": ("同一条记录的两个时间不一致", "Two times of one record disagree"),
    "too_many_entries": ("条目太多，只读了前面", "Too many entries; only the first were read"),
    "too_many_records": ("记录太多，只读了前面", "Too many records; only the first were read"),
    "totals_disagree": (
        "账单自己写的合计和明细对不上，可能有行被删改",
        "The bill's own totals do not match its rows; rows may be missing or changed",
    ),
    "unreadable_file": ("没能打开这个文件", "This file could not be opened"),
    "unsafe_path": ("压缩包里的路径不安全，只当作名字", "An unsafe path in the archive; used as a name only"),
}

REASONS: dict[str, tuple[str, str]] = {
    "account_end_alike": ("收款账号末四位与对方给的相同", "the account ends like one that was named"),
    "accounts_differ": ("账户不同", "the accounts differ"),
    "amount_in_talk": ("聊天里提到同样金额", "the amount is mentioned in the chat"),
    "came_from_payee": ("由本案收款方付来", "it came from a payee of this case"),
    "confirmed_by_user": ("您确认是同一笔", "you confirmed it"),
    "days_differ": ("日期不同", "the days differ"),
    "masked_name_alike": ("收款人姓名（部分隐藏）相符", "the partly hidden name fits"),
    "no_tie": ("没有看到与本案的联系", "nothing ties it to the case"),
    "nothing_to_compare": ("没有聊天或陈述可以对照", "no chat or statement to compare with"),
    "only_told": ("只有聊天提到，没有付款记录", "only told in a chat, no record of payment"),
    "payee_account_named": ("收款账号是对方给的", "the other side named this account"),
    "payee_named": ("收款人是您或对方指明的", "the payee was named"),
    "receipt_kept": ("有付款截图或凭证", "a receipt of it was kept"),
    "reference_in_talk": ("单号出现在聊天、邮件或截图里", "its number stands in a chat, mail or picture"),
    "references_differ": ("单号不同", "the references differ"),
    "refund_of_reference": ("退的是本案订单", "it refunds an order of this case"),
    "same_amount_and_day": ("同日同额，还不能确定是同一笔", "same day and amount, not settled"),
    "same_amount_and_minute": ("金额相同，时间相差不到两分钟", "same amount, within two minutes"),
    "same_amount_day_and_payee": ("同日、同额、同收款人", "same day, amount and payee"),
    "same_amount_no_time": ("金额相同，缺少时间", "same amount, time unknown"),
    "same_amount_other_time": ("金额相同，时间不同", "same amount, another time"),
    "same_payee": ("与本案另一笔收款方相同", "same payee as another payment of this case"),
    "same_reference": ("单号相同", "same reference"),
    "several_candidates": ("有几笔都对得上，请您指定", "several fit; please choose"),
    "told_in_chat": ("付款后在聊天里说过", "told in a chat around the time"),
    "told_or_shown": ("聊天或截图里也有这一笔", "also in a chat or picture"),
    "user_decided": ("您的决定", "your decision"),
}


def problem_sentence(problem: Problem, lang: str) -> str:
    """What is wrong and where, in `lang`. An unknown code is shown as it is rather than hidden."""
    chinese, english = PROBLEMS.get(problem.code, (problem.code, problem.code))
    place = str(problem.locator)
    where = "" if place == "whole" else f" [{place}]"
    detail = f": {problem.detail}" if problem.detail and lang != "zh" else ""
    if problem.detail and lang == "zh":
        detail = f"：{problem.detail}"
    return f"{chinese if lang == 'zh' else english}{where}{detail}"


def reason_sentence(reason: Reason, lang: str) -> str:
    """Why something was proposed, in `lang`, with the words or values that speak for it."""
    chinese, english = REASONS.get(reason.code, (reason.code, reason.code))
    said = chinese if lang == "zh" else english
    if not reason.detail:
        return said
    return f"{said}（{reason.detail}）" if lang == "zh" else f"{said} ({reason.detail})"


def question_sentence(id: str, jurisdiction: str, lang: str) -> str:
    """A question of the rule pack as it is put to the person; its id if the pack has no such question."""
    question = load_pack(jurisdiction).questions.get(id)
    return question.ask.say(lang) if question else id
