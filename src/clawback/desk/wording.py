"""A sentence in both languages for every problem, reason and question, used by every door.

What we could not read is our failing, never the person's: the wording says so.
"""

from __future__ import annotations

from clawback.desk import checkup
from clawback.desk.verifying import Finding
from clawback.model.events import OWN_CHECKUP
from clawback.model.evidence import Problem
from clawback.model.ledger import Reason
from clawback.rules.load import load_pack
from clawback.rules.pack import QuestionKind

_SHOWN = 100
"""Characters of found text in a sentence; the export has it in full."""

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
    "case_folder_left_out": (
        "里面有一个追回的案卷文件夹，没有当作证据封存",
        "A case folder of Clawback was found and not sealed as evidence",
    ),
    "changed_while_sealing": ("封存时文件还在变", "The file changed while it was being sealed"),
    "charset_guessed": (
        "没有写明文字编码，按常见编码读取",
        "No text encoding is stated; the usual one was used",
    ),
    "closed_unpaid": (
        "有一笔交易未付款就关闭了，没有计入",
        "A transaction was closed before payment; not counted",
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
    "headings_inferred": (
        "表格没有表头，按内容判断各列",
        "The table has no headings; its columns are known by their contents",
    ),
    "json_broken": ("数据不完整", "The data is broken off"),
    "json_not_understood": ("数据不是我们认识的样子", "The data is not of a shape known to us"),
    "line_in_other_form": ("有一行和其他行写法不同", "A line is written unlike the others"),
    "line_not_understood": ("有一行没看懂", "A line was not understood"),
    "link_inside": ("压缩包里有指向别处的链接，没有跟随", "The archive holds a link elsewhere; not followed"),
    "link_not_followed": ("这是指向别处的链接，没有跟随", "This is a link elsewhere; not followed"),
    "low_certainty_text": ("图片上有些字认不准", "Some text in the picture is uncertain"),
    "message_too_large": ("读出的内容太大", "What was read is too large"),
    "more_problems": ("还有更多问题没有逐条列出", "There are more problems than are listed one by one"),
    "nested_too_deep": ("嵌套太深，里层没有读", "Nested too deep; the inner part was not read"),
    "no_reader": ("我们还读不了这种文件，原件已封存", "We cannot read this kind of file yet; it is sealed"),
    "no_text_found": ("图片上没有认出文字", "No text was found in the picture"),
    "not_text": ("不是文字文件", "This is not a text file"),
    "only_first_frame_read": ("动图只读了第一帧", "Only the first frame was read"),
    "page_without_text": ("有的页没有文字层，没有读", "A page has no text layer and was not read"),
    "picture_turned": (
        "图片被转正后才读出来，位置按转正后的图片计",
        "The picture was turned before reading; places count in the turned picture",
    ),
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
    "request_refused": (
        "对账单里写着银行拒绝了这次查询",
        "The statement says that the bank refused the request",
    ),
    "row_not_understood": ("有一行没看懂", "A row was not understood"),
    "section_not_read": ("有一部分没有读", "A section was not read"),
    "sender_missing": ("看不出是谁说的", "Who said it is not shown"),
    "sign_on_failed": ("对账单里写着登录失败", "The statement says that signing on failed"),
    "source_not_readable": (
        "有一个文件打不开或读不完，没有封存",
        "A file could not be opened or read to its end, and is not sealed",
    ),
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
    "attachment_empty": ("附件是空的", "An attachment is empty"),
    "attachment_unreadable": ("附件没能打开", "An attachment could not be opened"),
    "balance_disagrees": (
        "余额和发生额对不上，可能缺行",
        "Balances and amounts disagree; rows may be missing",
    ),
    "bytes_as_characters": ("有些字符读错了编码", "Some characters were read in a wrong encoding"),
    "characters_unreadable": ("有些字符读不出来", "Some characters could not be read"),
    "currency_unclear": ("没有写明币种，按所在地假定", "No currency is stated; one was assumed"),
    "date_unreadable": ("有一个日期读不出来", "A date could not be read"),
    "digits_lost_in_spreadsheet": ("表格软件把长号码截短了", "The spreadsheet lost digits of a long number"),
    "encoding_assumed": (
        "没有写明文字编码，按常见编码读取",
        "No text encoding is stated; the usual one was used",
    ),
    "file_cut_off": ("文件在中途断了", "The file breaks off midway"),
    "file_too_large": ("文件太大，没有全部读", "The file is too large and was not read in full"),
    "header_too_long": ("邮件头太长，只读了前面", "The mail header is too long; only its beginning was read"),
    "image_damaged": ("图片损坏，我们没能打开", "The picture is damaged; we could not open it"),
    "line_too_long": ("有一行太长，没有读", "A line is too long and was not read"),
    "mail_cut_off": ("邮件在中途断了", "The mail breaks off midway"),
    "neutral_movement": (
        "自己账户之间的移动，不算支出或收入",
        "Moved between own accounts; neither paid nor received",
    ),
    "no_messages_found": ("没有找到聊天消息", "No messages were found"),
    "no_transactions": ("没有找到交易", "No transactions were found"),
    "page_empty": ("有一页是空的", "A page is empty"),
    "page_too_large": ("有一页太大，没有读", "A page is too large and was not read"),
    "page_unreadable": ("有一页读不出来", "A page could not be read"),
    "quote_not_closed": ("表格里有引号没有配对", "A quotation mark in the table is never closed"),
    "row_too_wide": ("有一行列数太多", "A row has too many columns"),
    "rows_wider_than_headings": ("有的行比表头多出一列", "Rows have more values than headings"),
    "security_trades": ("证券买卖没有计入", "Trades in securities were not counted"),
    "statement_not_made_here": ("这份陈述不是在本案里作出的", "This statement was not made in this case"),
    "system_file": ("系统自动生成的文件", "A file made by the system itself"),
    "table_too_long": ("表格太长，只读了前面", "The table is too long; only its beginning was read"),
    "too_large": ("太大，没有读", "Too large; not read"),
    "too_many_pages": ("页数太多，只读了前面", "Too many pages; only the first were read"),
    "too_many_parts": (
        "邮件分成的部分太多，只读了前面",
        "The mail has too many parts; only the first were read",
    ),
    "transfer_encoding_damaged": ("邮件里有一段编码损坏", "A part of the mail is damaged"),
    "words_not_searched": (
        "记录已读出，但其中的文字没能查完",
        "The records were read, but their words could not be searched",
    ),
    "workbook_too_large": ("表格文件太大，没有读", "The workbook is too large and was not read"),
    "workbook_unreadable": ("表格文件没能打开", "The workbook could not be opened"),
    "xml_broken": ("数据不完整", "The data is broken off"),
    "xml_dtd": ("数据里有危险的声明，没有读", "The data holds a dangerous declaration; not read"),
    "zone_assumed": ("没有写时区，按所在地假定", "No time zone is stated; the local one was assumed"),
    "amount_unclear": ("金额没看懂", "An amount was not understood"),
    "balance_row": ("这一行是余额，不是交易", "This row is a balance, not a transaction"),
    "folder_not_readable": ("有一个文件夹打不开", "A folder could not be opened"),
    "image_format_unsupported": ("这种图片格式还读不了", "This picture format cannot be read yet"),
    "image_too_large": ("图片太大，没有读", "The picture is too large and was not read"),
    "sign_contradicts_type": ("正负号和交易类型矛盾", "The sign contradicts the kind of transaction"),
    "sign_convention_assumed": ("正负号的含义按常见写法假定", "What the sign means was assumed"),
    "status_not_known": ("交易状态的写法不认识", "The wording of a status is not known to us"),
    "year_missing": ("日期没有写年份", "A date has no year"),
    "zero_amount": ("金额为零", "The amount is zero"),
    "unsafe_path": ("压缩包里的路径不安全，只当作名字", "An unsafe path in the archive; used as a name only"),
}

REASONS: dict[str, tuple[str, str]] = {
    "account_end_alike": ("收款账号末四位与对方给的相同", "the account ends like one that was named"),
    "accounts_differ": ("账户不同", "the accounts differ"),
    "amount_in_talk": ("聊天里提到同样金额", "the amount is mentioned in the chat"),
    "came_from_payee": ("由本案收款方付来", "it came from a payee of this case"),
    "confirmed_by_user": ("您确认是同一笔", "you confirmed it"),
    "crisis_words": ("证据里有让人担心的话", "words in the evidence that worry us"),
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
    "stated_about_then": ("您说的时间和金额对得上", "the time and sum that you gave fit"),
    "stated_amount_and_payee": ("您说的金额和收款人对得上", "the sum and payee that you gave fit"),
    "stated_by_user": ("您自己说付过这一笔", "you said that you made this payment"),
    "told_in_chat": ("付款后在聊天里说过", "told in a chat around the time"),
    "told_or_shown": ("聊天或截图里也有这一笔", "also in a chat or picture"),
    "user_decided": ("您的决定", "your decision"),
}


FINDINGS: dict[str, tuple[str, str]] = {
    "case_changed": ("案件记录被改动", "The case record was changed"),
    "checkpoint_behind": (
        "检查点比日志旧（上次运行中断）",
        "The checkpoint is older than the log (an interrupted run)",
    ),
    "checkpoint_missing": ("检查点文件不见了", "The checkpoint file is gone"),
    "checkpoint_of_another_case": ("检查点属于另一个案件", "The checkpoint belongs to another case"),
    "checkpoint_unreadable": ("检查点读不出来", "The checkpoint cannot be read"),
    "log_changed": ("日志与检查点不符", "The log does not match the checkpoint"),
    "log_content_missing": ("日志这一行的内容缺失", "The content of a log line is gone"),
    "log_line_changed": ("日志有一行被改动", "A log line was changed"),
    "log_line_missing": ("日志少了一行", "A log line is missing"),
    "log_line_moved": ("日志有一行被挪动", "A log line was moved"),
    "log_line_put_in": ("日志多出一行", "A log line was put in"),
    "log_shortened": ("日志末尾被截短", "The end of the log was cut off"),
    "never_read": ("封存后还没读完，再运行一次 open 即可", "Sealed but not read yet: run open again"),
    "original_changed": ("原件字节被改动", "The bytes of an original were changed"),
    "original_missing": ("原件不见了", "An original is gone"),
    "original_without_exhibit": ("有一份原件没有对应的证据编号", "An original belongs to no exhibit"),
    "records_faulty": ("记录库有损坏", "The records are damaged"),
    "records_missing": ("记录库不见了", "The records are gone"),
    "records_unreadable": ("记录库读不出来", "The records cannot be read"),
    "unfinished_copy": (
        "有一份没拷贝完的文件（上次运行中断）",
        "A copy was not finished (an interrupted run)",
    ),
    "case_missing": ("案件记录不见了", "The case record is gone"),
    "decision_changed": ("有一条确认事项记录被改动", "The record of a decision was changed"),
    "decision_missing": ("有一条确认事项记录不见了", "The record of a decision is gone"),
    "decision_not_in_log": ("有一条确认事项记录不在日志里", "The record of a decision is not in the log"),
    "exhibit_changed": ("有一条证据记录被改动", "The record of an exhibit was changed"),
    "exhibit_missing": ("有一条证据记录不见了", "The record of an exhibit is gone"),
    "exhibit_not_in_log": ("有一条证据记录不在日志里", "The record of an exhibit is not in the log"),
    "filing_changed": ("有一条文书记录被改动", "The record of a filing was changed"),
    "filing_missing": ("有一条文书记录不见了", "The record of a filing is gone"),
    "filing_not_in_log": ("有一条文书记录不在日志里", "The record of a filing is not in the log"),
    "name_changed": ("有一条证据名称记录被改动", "The record of a name of an exhibit was changed"),
    "name_missing": ("有一条证据名称记录不见了", "The record of a name of an exhibit is gone"),
    "name_not_in_log": (
        "有一条证据名称记录不在日志里",
        "The record of a name of an exhibit is not in the log",
    ),
    "problem_changed": ("有一条疑点记录被改动", "The record of a problem was changed"),
    "problem_missing": ("有一条疑点记录不见了", "The record of a problem is gone"),
    "problem_not_in_log": ("有一条疑点记录不在日志里", "The record of a problem is not in the log"),
    "reading_changed": ("有一条读取结果记录被改动", "The record of a reading was changed"),
    "reading_missing": ("有一条读取结果记录不见了", "The record of a reading is gone"),
    "reading_not_in_log": ("有一条读取结果记录不在日志里", "The record of a reading is not in the log"),
}


def finding_sentence(finding: Finding, lang: str) -> str:
    """One thing that `verify` found, naming exhibit and log line. An unknown code is shown as it is."""
    chinese, english = FINDINGS.get(finding.code, (finding.code, finding.code))
    places = []
    if finding.exhibit is not None:
        places.append(f"证据 {finding.exhibit}" if lang == "zh" else f"E{finding.exhibit}")
    if finding.line is not None:
        places.append(f"日志第 {finding.line} 行" if lang == "zh" else f"log line {finding.line}")
    parts = [*places, chinese if lang == "zh" else english, finding.detail]
    return " · ".join(part for part in parts if part)


def problem_sentence(problem: Problem, lang: str) -> str:
    """What is wrong and where, in `lang`. An unknown code is shown as it is rather than hidden."""
    chinese, english = PROBLEMS.get(problem.code, (problem.code, problem.code))
    place = str(problem.locator)
    where = "" if place == "whole" else f" [{place}]"
    found = " ".join(problem.detail.split())
    shown = found if len(found) <= _SHOWN else found[: _SHOWN - 1] + "…"
    if lang == "zh":
        return f"{chinese}{where}" + (f"：{shown}" if shown else "")
    return f"{english}{where}" + (f": {shown}" if shown else "")


def reason_sentence(reason: Reason, lang: str) -> str:
    """Why something was proposed, in `lang`, with the words or values that speak for it."""
    chinese, english = REASONS.get(reason.code, (reason.code, reason.code))
    said = chinese if lang == "zh" else english
    if not reason.detail:
        return said
    return f"{said}（{reason.detail}）" if lang == "zh" else f"{said} ({reason.detail})"


def question_sentence(id: str, jurisdiction: str, lang: str) -> str:
    """A question of the rule pack or of the check-up as it is put to the person; its id if neither has it."""
    if id.startswith(OWN_CHECKUP):
        return checkup.asked(id, lang)
    question = load_pack(jurisdiction).questions.get(id)
    return question.ask.say(lang) if question else id


def answer_sentence(id: str, value: str, jurisdiction: str, lang: str) -> str:
    """An answer as a person reads it: chosen words by their labels, everything else as it was given."""
    if id.startswith(OWN_CHECKUP):
        return checkup.answered(id, value, lang)
    question = load_pack(jurisdiction).questions.get(id)
    if question is not None and question.kind is QuestionKind.YES_NO:
        labels = {"yes": "是" if lang == "zh" else "yes", "no": "否" if lang == "zh" else "no"}
    else:
        labels = {choice.id: choice.label.say(lang) for choice in question.choices} if question else {}
    chosen = value.split(",")
    known = bool(labels) and all(one in labels for one in chosen)
    return ("、" if lang == "zh" else ", ").join(labels[one] for one in chosen) if known else value
