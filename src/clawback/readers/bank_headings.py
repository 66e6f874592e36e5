"""What the columns of a bank's table mean, by their headings, in Chinese, English and some other languages.

The lists are of headings that banks print; a heading that is not listed means nothing here.
"""

# ruff: noqa: SIM905 - headings read better as lines of words, patterns in one piece

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from clawback.readers.bank_words import side_of
from clawback.readers.figures import ISO_CODES, Mark, currency_code, parse_figure, parse_stamp
from clawback.readers.tables import Line


class Column(StrEnum):
    """What a column holds. See `_HEADINGS`."""

    DATE = "date"
    BOOKED = "booked"
    TIME = "time"
    ZONE = "zone"
    AMOUNT = "amount"
    SETTLED = "settled"
    INCOME = "income"
    EXPENSE = "expense"
    SIDE = "side"
    BALANCE = "balance"
    CURRENCY = "currency"
    SETTLED_CURRENCY = "settled_currency"
    OTHER_NAME = "other_name"
    OTHER_ACCOUNT = "other_account"
    OTHER_BANK = "other_bank"
    OWN_ACCOUNT = "own_account"
    OWN_NAME = "own_name"
    TEXT = "text"
    REFERENCE = "reference"
    MERCHANT_REFERENCE = "merchant_reference"
    KIND = "kind"
    STATUS = "status"
    FUNDING = "funding"
    FEE = "fee"
    PAYER_NAME = "payer_name"
    PAYER_ACCOUNT = "payer_account"
    PAYEE_NAME = "payee_name"
    PAYEE_ACCOUNT = "payee_account"


_HEADINGS: Mapping[Column, str] = {
    Column.DATE: """
        日期 交易日期 交易日 交易时间 交易日期时间 交易日期和时间 成交日期 发生日期 发生时间 支付时间
        付款时间 转账时间 交易完成时间 date transactiondate trandate transdate dateoftransaction
        transactiondatetime transactiondateandtime datetime timestamp purchasedate paymentdate operationdate
        starteddate createdon created createdat bookingdate bookingday buchungstag buchungsdatum buchung
        umsatzdatum transaktionsdatum datum fecha fechaoperacion fechadeoperacion fhoperacion dateoperation
        datedoperation datedeloperation datecomptable data dataoperazione datadatransacao boekdatum
        transactiondateutc createdutc datecreated dateandtime
        """,
    Column.BOOKED: """
        记账日期 记账日 记账时间 入账日期 入账日 入账时间 银行记账日 清算日期 交收日期 起息日 过账日期
        postingdate posteddate dateposted postdate posted valuedate settlementdate settleddate cleareddate
        entrydate processeddate processdate completeddate datecompleted bookeddate effectivedate
        wertstellung valuta valutadatum wertstellungsdatum datedevaleur datevaleur fechavalor datavaluta
        rentedatum statementdate
        """,
    Column.TIME: """
        时间 交易时刻 time transactiontime timeoftransaction uhrzeit heure hora 成交时间 ora tijd
        """,
    Column.ZONE: "timezone 时区",
    Column.AMOUNT: """
        gross 动账金额 交易金额收支 交易金额元人民币 金额 交易金额 交易额 发生额 发生金额 本次发生额
        交易金额元 金额元 清算金额 收支金额 收付金额 交易币种金额 转账金额 支付金额 amount transactionamount
        amt transactionvalue betrag umsatz umsatzbetrag montant importe importo bedrag valor kwota belopp
        netamount amountinaccountcurrency debitcreditamount value
        """,
    Column.SETTLED: """
        入账金额 记账金额 结算金额 入账币种金额 billingamount settlementamount postedamount convertedamount
        """,
    Column.INCOME: """
        收入 收入金额 贷方 贷方金额 贷方发生额 贷记金额 存入 存入金额 转入 转入金额 收款金额 进账 收入贷方
        记账金额收入 交易金额收入 credit creditamount credits creditedamount deposit deposits depositamount
        moneyin paidin in amountin incoming received creditcr haben gutschrift credito creditos abono abonos
        ingreso ingresos entrate avere accrediti recettes bij
        """,
    Column.EXPENSE: """
        支出 支出金额 借方 借方金额 借方发生额 借记金额 支取 支取金额 取出 转出 转出金额 付款金额 支出借方
        记账金额支出 交易金额支出 debit debitamount debits debitedamount withdrawal withdrawals
        withdrawalamount moneyout paidout out amountout outgoing spent debitdr soll lastschrift belastung
        debito debitos cargo cargos gasto gastos uscite dare addebiti depenses af
        """,
    Column.SIDE: """
        借贷 借贷标志 借贷标识 借贷方向 借贷状态 收支 收支类型 收支方向 收支标志 收付标志 收付方向 交易方向
        资金流向 收支标识 creditdebit debitcredit drcr crdr cdindicator creditdebitindicator dcindicator dc
        direction debitorcredit creditordebit sollhaben sh afbij sens
        """,
    Column.BALANCE: """
        runningbal saldonatrn saldonatransactie 账户余额元 交易后账户余额 balanceaftertransaction 本次余额元
        余额 账户余额 联机余额 本次余额 可用余额 当前余额 结余 资金本次余额 交易后余额 账面余额 账户结余
        交易余额 余额元 balance runningbalance closingbalance accountbalance availablebalance balanceafter
        saldo kontostand solde saldocontable saldonachbuchung ledgerbalance currentbalance endingbalance
        """,
    Column.CURRENCY: """
        munt moedas 币种 货币 币别 交易币种 交易货币 货币种类 货币类型 币种名称 账户币种 currency ccy cur
        curr currencycode transactioncurrency accountcurrency monn monnaie devise divisa moneda wahrung
        waehrung valutakod waluta
        """,
    Column.SETTLED_CURRENCY: """
        入账币种 入账货币 记账币种 结算币种 结算货币 billingcurrency settlementcurrency
        """,
    Column.OTHER_NAME: """
        naamomschrijving naamtegenpartij 对手姓名 对方账号名称 对方户名账号 transactionparty customer
        对方户名 对方名称 对方姓名 对方账户名称 对方账户名 对方单位名称 对方 交易对方 交易对手 对手户名
        对手名称 对手信息 对方信息 交易对方名称 交易对手名称 收付款人 收付方名称 商户名称 商户 交易商户
        商家名称 counterparty counterpartyname payeepayer merchant merchantname name customername
        customerdescription partnername partner paytofrom tofrom vendor auftraggeberempfanger
        auftraggeberempfaenger empfangerauftraggeber beguenstigterzahlungspflichtiger
        begunstigterzahlungspflichtiger beguenstigterauftraggeber namezahlungsbeteiligter nomtiers tiers
        counterpartname
        """,
    Column.OTHER_ACCOUNT: """
        对方卡号账号 对手卡号 对方账号或卡号 tegenrekeningibanbban otheraccountnumber otheraccount 对方账号
        对方账户 对方卡号 对方帐号 对方帐户 交易对方账号 交易对手账号 对手账号 对方账号卡号 收付方账号
        counterpartyaccount counterpartyaccountnumber counterpartyiban partneriban number kontonummeriban
        ibanzahlungsbeteiligter counterpartnumber tegenrekening accountnumberofcounterparty
        """,
    Column.OTHER_BANK: """
        对方开户行 对方银行 对方行名 对方开户机构 对方银行名称 收款银行 收款行 收款人开户行 对手行名
        对手开户行 对方开户银行 交易对手行名 counterpartybank beneficiarybank payeebank recipientbank bank
        bankname bic bicswiftcode
        """,
    Column.OWN_ACCOUNT: """
        ibanbban rekeningnummer 本方卡号 客户账号 交易账号 卡号 账号 账户 帐号 卡号后四位 卡末四位
        卡号末四位 卡片末四位 本方账号 本方账户 交易卡号 资金帐号 资金账号 尾号 卡尾号 card cardno
        cardnumber cardlast4 cardlastfour last4 cardusedfortransaction cardused firstbankcard account
        accountnumber accountno kontonummer auftragskonto kontonr compte iban accountiban ibanauftragskonto
        cuenta numerodecompte konto rekening produit product
        """,
    Column.OWN_NAME: """
        户名 账户名称 本方户名 accountname accountholder cardholder cardholdername cardmember 账户名
        """,
    Column.TEXT: """
        摘要 交易摘要 摘要说明 交易说明 交易描述 描述 说明 用途 附言 交易附言 备注 交易备注 客户摘要
        交易场所 交易地点 业务名称 业务摘要 交易渠道 交易详情 商品说明 商品名称 商品 交易内容 交易名称
        转账附言 交易用途 description details narrative memo particulars transactiondescription notes note
        reason text comment comments originaldescription additionaldescription paymentreference
        statementdescriptor transactiondetails remarks remittanceinformation additionalinformation code
        buchungstext verwendungszweck vwz libelle concepto descripcion desc causale omschrijving
        descripcionconcepto bookingtext motif purpose purposeofpayment descrizione descricao historico opis
        mededelingen
        """,
    Column.REFERENCE: """
        transferwiseid transactioncode 交易参考号 会计流水号 业务参考号 transactionidentifier 交易流水号
        流水号 交易流水 日志号 交易编号 交易单号 交易订单号 凭证号 参考号 业务编号 业务流水号 订单号 交易号
        成交编号 核心流水号 电子回单号 reference referencenumber referenceno transactionid
        transactionreference transactionnumber ref refno fitid receiptnumber bankreference referenceid
        uniqueid transactionref ndetransaction endtoendid trnid id transaktionsnummer separeference
        referencia txid
        """,
    Column.MERCHANT_REFERENCE: "商家订单号 商户订单号 商户单号 merchantreference orderid clientreference",
    Column.KIND: """
        交易类型 交易种类 业务类型 交易方式 交易分类 类型 交易类别 type transactiontype category class
        subcategory transactioncategory paymenttype umsatzart tipo typedoperation mutatiesoort
        """,
    Column.STATUS: "交易状态 状态 当前状态 交易结果 status state transactionstatus",
    Column.FUNDING: "收付款方式 支付方式 付款方式 paymentmethod fundingsource",
    Column.PAYER_NAME: """
        付款人 付款方 付款人名称 付款人姓名 付款人户名 付款方名称 付款户名 payer payername sender sendername
        from fromname zahlungspflichtiger ordenante donneurdordre
        """,
    Column.PAYER_ACCOUNT: """
        付款人账号 付款方账号 付款账号 付款卡号 付款账户 fromemailaddress fromaccount fromaccountnumber
        payeraccount senderaccount payeriban
        """,
    Column.PAYEE_NAME: """
        收款人 收款方 收款人名称 收款人姓名 收款人户名 收款方名称 收款户名 payee payeename recipient
        recipientname to toname beneficiary beneficiaryname zahlungsempfanger zahlungsempfaenger
        zahlungsempfangerin beneficiario beneficiaire payto paidto
        """,
    Column.PAYEE_ACCOUNT: """
        收款账号 收款人账号 收款方账号 收款卡号 收款账户 toemailaddress toaccount toaccountnumber
        payeeaccount recipientaccount beneficiaryaccount payeeaccountnumber payeeiban recipientiban
        beneficiaryiban kontonummerziel
        """,
    Column.FEE: "手续费 服务费 手续费元 服务费元 fee fees feeamount commission transactionfee",
}
_MEANING = {heading: column for column, words in _HEADINGS.items() for heading in words.split()}

_EURO_LANGUAGES = frozenset(
    """
    buchungstag buchungsdatum betrag umsatz wertstellung kontonummer verwendungszweck buchungstext soll
    haben datedoperation dateoperation libelle montant fecha importe concepto fechavalor importo causale
    bedrag omschrijving boekdatum auftraggeberempfanger beguenstigterzahlungspflichtiger partneriban
    entrate uscite
    """.split()
)
_CARD = re.compile(
    r"末四位|后四位|信用卡|交易卡号|卡尾号|^card(no|number|used\w*|member|holder\w*)?$|creditcard"
)
_CURRENCY_IN_HEADING = re.compile(r"[(（\[]\s*([^()（）\[\]]{1,8})\s*[)）\]]|\b([A-Z]{3})$")
_UTC_IN_HEADING = re.compile(r"[(（]\s*((?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?)\s*[)）]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Headings:
    """The heading row and what its columns mean. `places`: for each meaning its columns, left to right.

    `currencies`: currency that a heading itself names ("Amount (EUR)"), by column. `utc`: offset text that a
    heading names ("Created (UTC)"). `chinese`: are they in Chinese? `euro`: in a language of the euro zone?
    `card`: do they belong to a card? `seller`: do they list what customers paid?
    """

    line: Line
    places: Mapping[Column, tuple[int, ...]]
    currencies: Mapping[int, str] = field(default_factory=dict)
    utc: str | None = None
    chinese: bool = False
    euro: bool = False
    card: bool = False
    seller: bool = False

    def has(self, *columns: Column) -> bool:
        """Is there a column of each of these meanings?"""
        return all(self.places.get(column) for column in columns)

    @property
    def has_money(self) -> bool:
        """Can an amount be read at all?"""
        return any(self.has(c) for c in (Column.AMOUNT, Column.SETTLED, Column.INCOME, Column.EXPENSE))

    @property
    def has_date(self) -> bool:
        """Can a day be read at all?"""
        return any(self.has(c) for c in (Column.DATE, Column.BOOKED))


def heading_word(cell: str) -> str:
    """A heading as it stands in the lists: letters and digits only, without accents, lower case."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", cell)).casefold()
    return "".join(c for c in text if c.isalnum())


def meaning_of(cell: str) -> Column | None:
    """What a column with this heading holds; None for an unknown heading."""
    if not cell or len(cell) > 60:
        return None
    word = heading_word(cell)
    if found := _MEANING.get(word) or _MEANING.get(word.rstrip("0123456789")):
        return found
    # "Amount (EUR)", "金额(人民币)", "Betrag in EUR": what is bracketed or trails is a unit
    bare = re.sub(r"[(（\[][^()（）\[\]]{0,20}[)）\]]", "", cell)
    bare = re.sub(r"\s(?:in\s)?[A-Z]{3}$", "", bare.strip())
    return _MEANING.get(heading_word(bare))


# Tried in order on headings that are not listed. A heading that fits `_SIDE_FIGURES` is left alone: it holds
# a sum, but not the one that moved.
_SIDE_FIGURES = re.compile(
    r"原币|原交易|外币|积分|笔数|汇率|利率|original|foreign|instructed|local|tax|vat|rate|points"
)
_PARTS = (
    (re.compile(r"手续费|服务费|^fee|fee$|charge"), Column.FEE),
    (re.compile(r"^(对方|对手|交易对手|收付款?方).*(户名|姓名|名称)"), Column.OTHER_NAME),
    (re.compile(r"^(对方|对手|交易对手|收付款?方).*(账|帐|卡)"), Column.OTHER_ACCOUNT),
    (re.compile(r"^(对方|对手|交易对手|收付款?方).*行"), Column.OTHER_BANK),
    (re.compile(r"余额|balance|^bal$"), Column.BALANCE),
    (re.compile(r"币种|币别|货币|currency|ccy"), Column.CURRENCY),
    (
        re.compile(r"^(交易|发生|支付|业务).*日期?$|^(transaction|txn|trans|tran|trx|booking|payment)da?te?"),
        Column.DATE,
    ),
    (
        re.compile(r"^(记账|入账|起息|清算).*(日期?|时间)$|^(value|posting|posted|post|settlement)da?te?"),
        Column.BOOKED,
    ),
    (
        re.compile(r"^(debit|withdrawals?|paidout|moneyout|payments?out|dr)(amount|amt|value)?s?$"),
        Column.EXPENSE,
    ),
    (re.compile(r"^(credit|deposits?|paidin|moneyin|receipts?|cr)(amount|amt|value)?s?$"), Column.INCOME),
    (re.compile(r"^[^入贷存]{0,6}(支出|借方|支取|转出|取出)[^入贷存]{0,6}$"), Column.EXPENSE),
    (re.compile(r"^[^出借取]{0,6}(收入|贷方|存入|转入)[^出借取]{0,6}$"), Column.INCOME),
    (
        re.compile(
            r"(流水|凭证|参考|订单|交易编?)号码?$|^(ref|reference|chq|cheque)\w{0,20}(no|number|id)?$"
        ),
        Column.REFERENCE,
    ),
    (re.compile(r"摘要|附言|用途|备注|说明|描述|narrat|descri|particulars|remark|details"), Column.TEXT),
    (re.compile(r"金额$|发生额$|^(transaction|txn|payment|trx)(amount|amt)$|^amount"), Column.AMOUNT),
)


def _by_parts(cell: str) -> Column | None:
    """The meaning of a heading that is not listed, by words that such headings are made of."""
    word = heading_word(re.sub(r"[(（\[][^()（）\[\]]{0,20}[)）\]]", "", cell)) if len(cell) <= 60 else ""
    if not 2 <= len(word) <= 30 or _SIDE_FIGURES.search(word):
        return None
    return next((column for pattern, column in _PARTS if pattern.search(word)), None)


def heading_currency(cell: str) -> str | None:
    """The currency that a heading names, as in "Amount (EUR)" or "Betrag in EUR"."""
    for bracketed, trailing in _CURRENCY_IN_HEADING.findall(cell):
        if bracketed and (code := currency_code(bracketed)):
            return code
        if trailing in ISO_CODES:
            return str(trailing)
    return None


def find_headings(lines: Iterable[Line]) -> Headings | None:
    """The row with the most known headings among those that give at least a day and an amount."""
    best: Headings | None = None
    for line in lines:
        found = _headings(line)
        if found and (best is None or _known(found) > _known(best)):
            best = found
    return best


def _known(headings: Headings) -> int:
    return sum(map(len, headings.places.values()))


def _headings(line: Line) -> Headings | None:
    if len(line.cells) < 3 or any(parse_stamp(cell) for cell in line.cells if cell[:1].isdigit()):
        return None
    places: dict[Column, tuple[int, ...]] = {}
    unlisted: list[tuple[int, Column]] = []
    for place, cell in enumerate(line.cells):
        if column := meaning_of(cell):
            places[column] = (*places.get(column, ()), place)
        elif column := _by_parts(cell):
            unlisted.append((place, column))
    listed = frozenset(places) - {Column.TEXT}
    for place, column in unlisted:
        # a heading known only by its parts never stands beside a listed one of the same meaning
        if column not in listed:
            places[column] = (*places.get(column, ()), place)
    _place_iban(line, places)
    found = Headings(line, places)
    if not (found.has_date and found.has_money):
        return None
    return _described(line, places)


def _place_iban(line: Line, places: dict[Column, tuple[int, ...]]) -> None:
    """ "IBAN" beside both payer and payee, and beside no other account, is that of the far side."""
    own = places.get(Column.OWN_ACCOUNT, ())
    if len(own) == 1 and heading_word(line.cell(own[0])) == "iban":
        named = Column.PAYER_NAME in places and Column.PAYEE_NAME in places
        if named and Column.OTHER_ACCOUNT not in places:
            places[Column.OTHER_ACCOUNT] = places.pop(Column.OWN_ACCOUNT)


def _described(line: Line, places: Mapping[Column, tuple[int, ...]]) -> Headings:
    words = [heading_word(cell) for cell in line.cells]
    joined = " ".join(line.cells)
    utc = _UTC_IN_HEADING.search(joined)
    return Headings(
        line,
        places,
        {place: code for place, cell in enumerate(line.cells) if (code := heading_currency(cell))},
        utc[1] if utc else None,
        chinese=sum("\u4e00" <= c <= "\u9fff" for c in joined) > 4,
        euro=any(word in _EURO_LANGUAGES for word in words),
        # lists of a card's purchases have no running balance; accounts that also have a card do
        card=Column.BALANCE not in places and any(_CARD.search(word) for word in words),
        seller=any(word.startswith(("customeremail", "customerid")) for word in words),
    )


# --- tables without headings -----------------------------------------------------------------------------

_LEAST_ROWS = 3
_SAMPLE_ROWS = 400


def infer_headings(lines: Sequence[Line]) -> Headings | None:
    """Headings for a table that has none, from what its cells are; None unless only one way fits.

    Some banks export bare rows. Every row must have one day and one figure with decimals in the same
    columns; a second column of figures is taken for the balance only if it runs with the first.
    """
    rows = [line for line in lines if not line.empty][:_SAMPLE_ROWS]
    widths = {len(line.cells) for line in rows}
    if len(rows) < _LEAST_ROWS or len(widths) != 1 or not 3 <= (width := widths.pop()) <= 40:
        return None
    columns = [[line.cells[place] for line in rows] for place in range(width)]
    days = [place for place, cells in enumerate(columns) if all(map(_is_day, cells))]
    sums = [place for place, cells in enumerate(columns) if all(map(_is_sum, cells))]
    money = _amount_and_balance(columns, sums)
    if not days or not money:
        return None
    rest = [place for place in range(width) if place not in (*days, *sums)]
    sides = tuple(place for place in rest if all(map(side_of, columns[place])))
    words = tuple(place for place in rest if place not in sides and _wordy(columns[place]))
    places = {Column.DATE: (days[0],), Column.TEXT: words, Column.AMOUNT: money[:1], Column.SIDE: sides[:1]}
    if len(money) > 1:
        places[Column.BALANCE] = money[1:]
    return Headings(Line(0, "", ()), places)


def _is_day(cell: str) -> bool:
    stamp = parse_stamp(cell)
    return stamp is not None and stamp.year is not None


def _is_sum(cell: str) -> bool:
    figure = parse_figure(cell)
    return figure is not None and figure.mark is not Mark.NONE and not parse_stamp(cell)


def _wordy(cells: Iterable[str]) -> bool:
    return any(character.isalpha() for cell in cells for character in cell)


def _amount_and_balance(columns: Sequence[Sequence[str]], sums: Sequence[int]) -> tuple[int, ...]:
    """(amount,) or (amount, balance); () when more than one reading fits."""
    if len(sums) == 1:
        return (sums[0],)
    if len(sums) != 2:
        return ()
    fitting = [(a, b) for a, b in (tuple(sums), tuple(reversed(sums))) if _runs(columns[a], columns[b])]
    return fitting[0] if len(fitting) == 1 else ()


def _runs(amounts: Sequence[str], balances: Sequence[str]) -> bool:
    """Does every balance differ from its neighbour by the amount of one of the two rows?"""
    sizes, levels = [_plain(cell) for cell in amounts], [_plain(cell) for cell in balances]
    steps = [abs(after - before) for before, after in pairwise(levels)]
    later = all(step == abs(size) for step, size in zip(steps, sizes[1:], strict=True))
    earlier = all(step == abs(size) for step, size in zip(steps, sizes, strict=False))
    return later or earlier


def _plain(cell: str) -> Decimal:
    figure = parse_figure(cell)
    value = figure.value(figure.mark) if figure else None
    return value if value is not None else Decimal("NaN")
