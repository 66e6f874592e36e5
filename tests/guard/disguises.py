"""How people hide words from filters, as pure functions: other letters, and a person still reads the same.

Each takes a text in either language and gives it back disguised; one that has nothing to disguise comes back
as it was (a text without digits has none to circle). Links and account names stay whole, since whoever hides
words still wants those to work. Nothing is left to chance: the same text is disguised the same way each time.

Written without a look at how the guard undoes disguises.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import clawback.filings

_KEPT = re.compile(
    r"(?:https?://)?[\w@-]+(?:\.[\w-]+)*\.(?:example|org|com|net)\b[\w/]*|@\w+|\bwx_\w+", re.ASCII
)
_HAN = "\u4e00-\u9fff"
_LONG_WORD = re.compile(r"[A-Za-z]{5,}")
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])(?=[{_HAN}])")

# What the trade is about, and so what gets hidden: Chinese words with their pinyin, a sound-alike in other
# characters, and initials where people use them.
# fmt: off
_PINYIN = {
    "微信": "weixin", "加我": "jia wo", "转账": "zhuanzhang", "汇款": "huikuan", "保证金": "baozhengjin",
    "手续费": "shouxufei", "解冻": "jiedong", "冻结": "dongjie", "提现": "tixian", "返利": "fanli",
    "刷单": "shuadan", "佣金": "yongjin", "验证码": "yanzhengma", "银行卡": "yinhangka", "密码": "mima",
    "追回": "zhuihui", "追款": "zhuikuan", "退款": "tuikuan", "贷款": "daikuan", "征信": "zhengxin",
    "投资": "touzi", "稳赚": "wenzhuan", "中奖": "zhongjiang", "发票": "fapiao", "办证": "banzheng",
    "充值": "chongzhi", "客服": "kefu", "警察": "jingcha", "报警": "baojing", "公安": "gongan",
    "黑客": "heike", "平台": "pingtai", "账户": "zhanghu", "红包": "hongbao", "兼职": "jianzhi",
    "押金": "yajin", "定金": "dingjin", "税": "shui", "钱": "qian",
}
_SOUND_ALIKES = {
    "微信": "薇芯", "加我": "佳我", "转账": "砖账", "汇款": "惠款", "保证金": "保正金",
    "手续费": "手序费", "解冻": "解洞", "冻结": "冻节", "提现": "提线", "返利": "反利", "刷单": "唰单",
    "佣金": "拥金", "验证码": "验正码", "银行卡": "银航咔", "密码": "蜜码", "追回": "锥回",
    "追款": "锥款", "退款": "腿款", "贷款": "贷宽", "征信": "正信", "投资": "投姿", "稳赚": "吻赚",
    "中奖": "中桨", "发票": "发嫖", "办证": "办正", "充值": "冲值", "客服": "克服", "平台": "坪台",
    "账户": "帐戶", "红包": "洪包", "兼职": "煎职", "押金": "鸭金", "定金": "订金",
}
_INITIALS = {
    "微信": "VX", "加我": "+我", "转账": "ZZ", "银行卡": "YHK", "支付宝": "ZFB", "验证码": "YZM",
    "保证金": "BZJ", "身份证": "SFZ", "手续费": "SXF", "提现": "TX", "刷单": "SD", "佣金": "YJ",
    "贷款": "DK", "投资": "TZ", "追回": "ZH", "退款": "TK", "平台": "PT", "客服": "KF", "钱": "米",
    "万": "W", "telegram": "TG", "whatsapp": "WA", "bitcoin": "BTC", "password": "pw", "account": "acct",
    "message": "msg", "payment": "pymt", "guaranteed": "gtd", "transfer": "xfer", "percent": "pct",
    "contact": "ctc", "number": "no.", "deposit": "dep",
}
_PICTOGRAPHS = {
    "微信": "🛰️信", "钱": "💰", "银行": "🏦", "电话": "📞", "卡": "💳", "加我": "➕我", "手机": "📱",
    "飞机": "✈️", "money": "💰", "bank": "🏦", "card": "💳", "phone": "📱", "gift": "🎁", "email": "📧",
    "bitcoin": "₿itcoin", "funds": "💵", "fee": "💲fee", "call": "📞", "wallet": "👛", "police": "👮",
}
_PARTS = {
    "钱": "钅戋", "加": "力口", "信": "亻言", "转": "车专", "账": "贝长", "冻": "冫东", "解": "角刀牛",
    "保": "亻呆", "证": "讠正", "验": "马佥", "码": "石马", "税": "禾兑", "银": "钅艮", "行": "彳亍",
    "到": "至刂", "款": "士示欠", "贷": "代贝", "投": "扌殳", "资": "次贝", "提": "扌是", "现": "王见",
    "取": "耳又", "刷": "尸巾刂", "理": "王里", "好": "女子", "们": "亻门", "做": "亻故", "但": "亻旦",
    "没": "氵殳", "汇": "氵匚", "情": "忄青", "给": "纟合", "结": "纟吉", "请": "讠青", "你": "亻尔",
    "打": "扌丁", "利": "禾刂", "明": "日月", "林": "木木", "很": "彳艮", "什": "亻十", "话": "讠舌",
    "动": "云力",
}
# fmt: on
_TAKEN_APART = str.maketrans(_PARTS)
# Characters of the net's own fashion, called Martian.
_MARTIAN = str.maketrans(
    "我你的是了不在有好来就和都他她这那个吗没要会把到给说一下钱信加上大后",
    "莪伱旳昰ㄋ芣茬洧恏莱僦啝嘟彵祂這哪個嬤沒婹浍紦菿給詤①丅錢訫咖仩夶後",
)
_SIMPLIFIED = (
    "费个请账骗证来后户资号还网转这万机说银给发单过钱会们对电点现额经记时师开报话为办关于务没内员"
    "里码诈实缴学帮录国验专动联将诉冻边处业两进复领别据络结并认税统问张笔门与区权数线赔签间让构纳"
    "么执贷余带术财楼补预当价续图备从吗险审产场钟计监奖盘凭评试块兑询风响题马视属优货约确无买删绍"
    "维议项长级币谢组妈养检扫医应称队体测随见托规课众写订宝刚设车责弃拨调几拦须参头营爱满紧团锁链"
    "贴击难标违获导频种负决该邮类软书误划汇载亲样递条论况儿识传损侦错柜训携积装编际页讯选声访虚刘"
    "连义热讼听厅举赵挂担销诊抢仓习杀态荐陈华较达偿词绝鱼总够罚广讲顾稳显储异云协库绑购红输东谈暂"
    "烦仅争运护园铁历许谁恋简龙亿猫环读阅孙温层节坏终欢语闭状卖债轻诚"
)
_TRADITIONAL = (
    "費個請帳騙證來後戶資號還網轉這萬機說銀給發單過錢會們對電點現額經記時師開報話為辦關於務沒內員"
    "裡碼詐實繳學幫錄國驗專動聯將訴凍邊處業兩進復領別據絡結並認稅統問張筆門與區權數線賠簽間讓構納"
    "麼執貸餘帶術財樓補預當價續圖備從嗎險審產場鐘計監獎盤憑評試塊兌詢風響題馬視屬優貨約確無買刪紹"
    "維議項長級幣謝組媽養檢掃醫應稱隊體測隨見託規課眾寫訂寶剛設車責棄撥調幾攔須參頭營愛滿緊團鎖鏈"
    "貼擊難標違獲導頻種負決該郵類軟書誤劃匯載親樣遞條論況兒識傳損偵錯櫃訓攜積裝編際頁訊選聲訪虛劉"
    "連義熱訟聽廳舉趙掛擔銷診搶倉習殺態薦陳華較達償詞絕魚總夠罰廣講顧穩顯儲異雲協庫綁購紅輸東談暫"
    "煩僅爭運護園鐵歷許誰戀簡龍億貓環讀閱孫溫層節壞終歡語閉狀賣債輕誠"
)
_TO_TRADITIONAL = str.maketrans(_SIMPLIFIED, _TRADITIONAL)
# Cyrillic and Greek letters that look like Latin ones; Kangxi radicals that look like characters.
_LOOK_ALIKES = str.maketrans(
    "aceiopxysjABCEHIKMNOPTXYZ用金人口手工入力大女子小心日月水火玉生田白目石立耳行走足身长门青面音食首高",
    "асеіорхуѕјΑВСЕНΙΚМΝОРТХΥΖ⽤⾦⼈⼝⼿⼯⼊⼒⼤⼥⼦⼩⼼⽇⽉⽔⽕⽟⽣⽥⽩⽬⽯⽴⽿⾏⾛⾜⾝⻓⻔⻘⾯⾳⾷⾸⾼",
)
_LEET = str.maketrans("aeiostAEIOST", "431057431057")
_CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_NUMERALS_ZH = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")
_NUMERALS_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_BOLD = {
    **{ord("A") + n: 0x1D400 + n for n in range(26)},
    **{ord("a") + n: 0x1D41A + n for n in range(26)},
    **{ord("0") + n: 0x1D7CE + n for n in range(10)},
}


def _outside_links(text: str, change: Callable[[str], str]) -> str:
    """`text` with `change` done to all that is not a link or an account's name."""
    pieces, at = [], 0
    for kept in _KEPT.finditer(text):
        pieces += [change(text[at : kept.start()]), kept[0]]
        at = kept.end()
    return "".join([*pieces, change(text[at:])])


def _between(text: str, mark: str) -> str:
    """`mark` between Chinese characters and between the letters of words of five letters or more."""
    return _outside_links(
        text,
        lambda part: _LONG_WORD.sub(lambda word: mark.join(word[0]), _BETWEEN_HAN.sub(mark, part)),
    )


def _replaced(text: str, words: Mapping[str, str]) -> str:
    """`text` with each word for its stand-in, the longest first; Latin words only where they stand alone."""
    longest = sorted(words, key=len, reverse=True)
    either = "|".join(rf"\b{word}\b" if word.isascii() else word for word in longest)
    found = re.compile(either, re.IGNORECASE)
    return _outside_links(text, lambda part: found.sub(lambda match: words[match[0].lower()], part))


def spaced(text: str) -> str:
    return _between(text, " ")


def dotted(text: str) -> str:
    return _between(text, ".")


def middle_dotted(text: str) -> str:
    return _between(text, "·")


def with_emoji_between(text: str) -> str:
    return _between(text, "🌸")


def zero_width(text: str) -> str:
    return _between(text, "\u200b")


def soft_hyphened(text: str) -> str:
    return _between(text, "\u00ad")


def one_a_line(text: str) -> str:
    """Written downwards: a Chinese character, or an English word, on each line."""
    return _outside_links(text, lambda part: _BETWEEN_HAN.sub("\n", part.replace(" ", "\n")))


def full_width(text: str) -> str:
    return _outside_links(text, lambda part: part.translate(_FULL_WIDTH))


def look_alikes(text: str) -> str:
    return _outside_links(text, lambda part: part.translate(_LOOK_ALIKES))


def bold_letters(text: str) -> str:
    """The bold letters and digits that Unicode keeps for mathematics."""
    return _outside_links(text, lambda part: part.translate(_BOLD))


def traditional(text: str) -> str:
    return text.translate(_TO_TRADITIONAL)


def martian(text: str) -> str:
    return text.translate(_MARTIAN)


def in_pinyin(text: str) -> str:
    return _replaced(text, _PINYIN)


def sound_alikes(text: str) -> str:
    return _replaced(text, _SOUND_ALIKES)


def initials(text: str) -> str:
    return _replaced(text, _INITIALS)


def pictographs(text: str) -> str:
    return _replaced(text, _PICTOGRAPHS)


def split_characters(text: str) -> str:
    """Characters taken apart into what they are made of, as 言午 for 许."""
    return text.translate(_TAKEN_APART)


def leetspeak(text: str) -> str:
    return _outside_links(text, lambda part: part.translate(_LEET))


def mixed_case(text: str) -> str:
    """Every second letter large."""

    def every_second(word: re.Match[str]) -> str:
        return "".join(char.upper() if place % 2 else char.lower() for place, char in enumerate(word[0]))

    return _outside_links(text, lambda part: re.sub("[A-Za-z]+", every_second, part))


def letters_swapped(text: str) -> str:
    """Long English words with two inner letters changed round, which a reader hardly sees."""

    def swapped(word: re.Match[str]) -> str:
        middle = len(word[0]) // 2
        return word[0][: middle - 1] + word[0][middle] + word[0][middle - 1] + word[0][middle + 1 :]

    return _outside_links(text, lambda part: _LONG_WORD.sub(swapped, part))


def circled_digits(text: str) -> str:
    return _outside_links(text, lambda part: part.translate(_CIRCLED))


def numerals_in_words(text: str) -> str:
    if re.search(f"[{_HAN}]", text):
        return _outside_links(text, lambda part: part.translate(_NUMERALS_ZH))

    def spelt(digits: re.Match[str]) -> str:
        return " ".join(_NUMERALS_EN[int(digit)] for digit in digits[0])

    return _outside_links(text, lambda part: re.sub("[0-9]+", spelt, part))


def bracketed(text: str) -> str:
    """Each Chinese character in brackets, or each long English word in parentheses turned the wrong way."""
    return _outside_links(
        text,
        lambda part: _LONG_WORD.sub(lambda word: f"){word[0]}(", re.sub(f"([{_HAN}])", r"〔\1〕", part)),
    )


def html_entities(text: str) -> str:
    return _outside_links(text, lambda part: re.sub(r"[^\W_]", lambda char: f"&#{ord(char[0])};", part))


def combining_marks(text: str) -> str:
    """A line drawn through each letter and character, so that it looks struck out."""
    return _outside_links(text, lambda part: re.sub(r"([^\W\d_])", "\\1\u0336", part))


def right_to_left(text: str) -> str:
    """Each line backwards, behind the sign that has it shown forwards."""
    return "\n".join(f"\u202e{line[::-1]}\u202c" for line in text.split("\n"))


# fmt: off
DISGUISES: Mapping[str, Callable[[str], str]] = {
    each.__name__: each
    for each in (
        spaced, dotted, middle_dotted, with_emoji_between, zero_width, soft_hyphened, one_a_line, full_width,
        look_alikes, bold_letters, traditional, martian, in_pinyin, sound_alikes, initials, pictographs,
        split_characters, leetspeak, mixed_case, letters_swapped, circled_digits, numerals_in_words,
        bracketed, html_entities, combining_marks, right_to_left,
    )
}
# fmt: on

_FONT = Path(clawback.filings.__file__).parent / "fonts" / "NotoSansSC-GBK.otf"
_SIZE, _MARGIN, _WIDTH = 28, 30, 720  # of a telephone's screen, in pixels


def as_picture(text: str) -> bytes:
    """A PNG of `text` as a telephone shows it: dark letters on white, wrapped."""
    font = ImageFont.truetype(str(_FONT), _SIZE)
    room = (_WIDTH - 2 * _MARGIN) // (_SIZE if re.search(f"[{_HAN}]", text) else _SIZE // 2)
    lines = [part for line in text.split("\n") for part in (textwrap.wrap(line, room) or [""])]
    picture = Image.new("RGB", (_WIDTH, 2 * _MARGIN + len(lines) * _SIZE * 3 // 2), "white")
    drawing = ImageDraw.Draw(picture)
    for row, line in enumerate(lines):
        drawing.text((_MARGIN, _MARGIN + row * _SIZE * 3 // 2), line, font=font, fill="#111111")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
