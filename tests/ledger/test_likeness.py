import pytest

from clawback.ledger.likeness import payment_company, same_name, same_number


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("张*三", "张小三", True),
        ("张*三", "李小三", False),
        ("*三", "张小三", True),
        ("张小三", "张 小三", True),
        ("ＡＣＭＥ", "acme", True),
        ("张小三", None, None),
        ("***", "张小三", None),
        ("张小三", "张小四", False),
    ],
)
def test_a_mask_hides_and_does_not_differ(first: str, second: str | None, same: bool | None) -> None:
    assert same_name(first, second) is same
    assert same_name(second, first) is same


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("6222 0000 0000 0001", "6222000000000001", True),
        ("6222000000000001", "6222000000000002", False),
        ("尾号0001", "6222000000000001", None),
        ("6222****0001", "6222000000000001", None),
        ("6222****0001", "6222000000000002", False),
        ("(0001)", "尾号0002", False),
        (None, "6222000000000001", None),
    ],
)
def test_last_four_digits_alone_neither_prove_nor_contradict(
    first: str | None, second: str, same: bool | None
) -> None:
    assert same_number(first, second) is same


def test_a_bank_row_naming_a_payment_company_is_recognised() -> None:
    assert payment_company("支付宝（中国）网络技术有限公司") == "alipay"
    assert payment_company("财付通支付科技有限公司") == "wechat_pay"
    assert payment_company("张小三") is None
