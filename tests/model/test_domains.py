import pytest

from clawback.model.domains import SiteName, registrable, site_name


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("Shop.Example.CO.UK", "example.co.uk"),
        ("a.b.gov.cn", "b.gov.cn"),
        ("例子.中国", "例子.中国"),
        ("claim.pages.dev", "pages.dev"),
        ("shop.example", "shop.example"),
        ("a.shop.test.", "shop.test"),
        ("gov.cn", None),
        ("example", None),
        ("localhost", None),
        ("192.0.2.7", None),
        ("", None),
    ],
)
def test_the_part_of_a_host_that_somebody_registered(host: str, domain: str | None) -> None:
    assert registrable(host) == domain


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.pay.example.com.cn", SiteName("www.pay", "example", "com.cn", rented=False)),
        ("Claim.pages.dev", SiteName("", "claim", "pages.dev", rented=True)),
        ("a.b.shop.test", SiteName("a.b", "shop", "test", rented=False)),
        ("pages.dev", None),
        ("test", None),
        ("com", None),
    ],
)
def test_a_host_taken_apart_says_who_gives_its_names_away(host: str, name: SiteName | None) -> None:
    assert site_name(host) == name


def test_a_site_is_label_and_suffix() -> None:
    assert SiteName("www", "shop", "co.uk", rented=False).site == "shop.co.uk"
