"""Invented mails: names, numbers and sites are invented or reserved. Scams, and honest mails that look
alike.

Written from what such mails are known to do, not from any collection. Honest ones: newsletters, mailing
lists, service notices, bills, answers between people.
"""

from __future__ import annotations

from clawback.guard.mail_parts import MailAttachment, MailLink, MailParts


def mail(
    sender: str, subject: str, text: str, *links: tuple[str, str], headers: dict[str, str] | None = None,
    files: tuple[str, ...] = (), pictures: int = 0, hidden: str = "",
) -> MailParts:  # fmt: skip
    """A mail from `sender`; `links`: (what it shows, where it leads)."""
    fields = {"From": sender, "To": "Li Example <li@example.com>", "Subject": subject, **(headers or {})}
    return MailParts(
        headers=tuple(fields.items()),
        text=text,
        hidden=hidden,
        links=tuple(MailLink(target, words) for words, target in links),
        attachments=tuple(MailAttachment(name, "application/octet-stream", 10) for name in files),
        pictures=pictures,
    )


SCAMS: dict[str, MailParts] = {
    "bank login": mail(
        "Barclays Security <alert@notice.example>",
        "Your account is locked",
        "Dear customer, we have locked your account. Verify your identity within 24 hours.",
        ("Verify now", "https://login.barclays-check.example/a"),
    ),
    "parcel fee": mail(
        '"DHL" <info@paket.test>',
        "Ihr Paket wartet",
        "Sehr geehrter Kunde, Ihr Paket konnte nicht zugestellt werden. Bitte zahlen Sie die Liefergebühr.",
        ("Jetzt zahlen", "https://x7.pages.dev/p"),
    ),
    "prize survey": mail(
        "Lidl Gewinnspiel <news@angebote.test>",
        "Herzlichen Glückwunsch, Sie wurden ausgewählt",
        "Nehmen Sie an der Umfrage teil und sichern Sie sich den Gutschein im Wert von 500 Euro.",
        ("Zur Umfrage", "https://bit.ly/x"),
    ),
    "wallet": mail(
        "MetaMask <support@mail.example>",
        "Action required: verify your wallet",
        "Your wallet will be suspended. Enter your recovery phrase to verify it.",
        ("Verify wallet", "https://wallet.example/verify"),
        headers={"Reply-To": "helper@gmail.com"},
    ),
    "inheritance": mail(
        "Mrs Example <mrs.example@school.example>",
        "My late husband's fund",
        "Dear beneficiary, I am a widow on my dying bed and wish to donate 8.5 million dollars to you. Reply"
        " to my private email.",
        headers={"Reply-To": "mrs.example.private@gmail.com", "To": "undisclosed-recipients:;"},
    ),
    "blackmail": mail(
        "You have been hacked <x@host.example>",
        "I have access to your device",
        "I recorded you through your webcam while you visited an adult site. Pay in bitcoin within 48 hours"
        " or your contacts get the video.",
        headers={"Return-Path": "<root@vm-17>"},
    ),
    "call us": mail(
        "Billing Department <order.help@gmail.com>",
        "Invoice: your subscription has been renewed",
        "Dear user, your subscription was renewed for $399.99. To cancel, call +1 (212) 555-0143 within 24"
        " hours.",
        files=("invoice.pdf",),
    ),
    "page attached": mail(
        "Accounts <billing@supplier.example>",
        "Payment confirmation",
        "Please find the invoice attached.",
        headers={"Reply-To": "accounts.supplier@outlook.com"},
        files=("invoice.pdf.html",),
    ),
    "chinese mailbox": mail(
        "邮箱管理员 <admin@notice.test>",
        "您的邮箱已满，密码即将过期",
        "尊敬的用户：您的邮箱容量已满，请立即点击认证，否则24小时内停用。",
        ("立即认证", "https://mail.login.test/a"),
        headers={"Return-Path": "<www-data@vps>"},
    ),
    "chinese subsidy": mail(
        "工商银行客服 <service@gonggao.test>",
        "工资补贴领取通知",
        "尊敬的客户，您有一笔补贴待领取，请尽快认证银行卡，逾期失效。",
        ("点击领取", "http://203.0.113.9/a"),
    ),
    "casino": mail(
        "🎰 Bonus Team <hello@abc-17d2c.firebaseapp.com>",
        "200 free spins, no deposit required",
        "Claim your welcome bonus at our online casino today.",
        ("Claim", "https://t.ly/x"),
    ),
    "picture only": mail(
        "Dewalt Reward <qx7k2m9@offer.test>",
        "You have won a drill",
        "",
        ("", "https://is.gd/abc"),
        pictures=3,
    ),
}

HONEST: dict[str, MailParts] = {
    "shop newsletter": mail(
        "Example Shop <news@shop.example>",
        "Spring sale: up to 30 % off",
        "Dear customer, our sale begins today. Limited time offer. Unsubscribe at any time.",
        ("See the sale", "https://click.shop.example/1"),
        ("Unsubscribe", "https://shop.mcsv.net/u"),
        headers={"Return-Path": "<bounce-1@mail.mcsv.net>", "List-Unsubscribe": "<https://shop.mcsv.net/u>"},
        pictures=4,
        hidden="Everything for the garden, this week only",
    ),
    "prize draw of a paper": mail(
        "The Example Times <letters@times.example>",
        "Win a weekend in Bath",
        "Take our short survey for a chance to win a weekend. The draw closes on 1 December.",
        ("Take the survey", "https://www.times.example/survey"),
    ),
    "mailing list": mail(
        "Ann Example <ann@one.example>",
        "Re: [users] your account is locked after an update",
        "> My account was locked after the update.\nUpdate your information in the settings, it is urgent.",
        headers={
            "List-Post": "<mailto:users@lists.example>",
            "Return-Path": "<users-bounces@lists.example>",
            "Reply-To": "users@lists.example",
        },
    ),
    "list that breaks the checks": mail(
        "Bob Example <bob@strict.example>",
        "[users] a question about parsing",
        "Does anybody know why the parser stops at the second line?",
        headers={
            "List-Post": "<mailto:users@lists.example>",
            "Authentication-Results": "mx.example; spf=softfail; dkim=fail; dmarc=fail",
        },
    ),
    "answer between friends": mail(
        "Chen Example <chen@home.example>",
        "Re: the trip",
        "> shall we pay the deposit?\nYes, please transfer your share until Friday. Did you see the hotel?",
        headers={"In-Reply-To": "<1@home.example>", "Reply-To": "chen.example@gmail.com"},
    ),
    "true bank notice": mail(
        "Barclays <alerts@barclays.co.uk>",
        "Your statement is ready",
        "Dear Ms Example, your statement is ready. Sign in from your own bookmark; we send no sign-in links.",
        headers={"Authentication-Results": "mx.example; spf=pass; dkim=pass; dmarc=pass"},
    ),
    "true payment notice": mail(
        "Netflix <info@account.netflix.com>",
        "Your payment failed",
        "Hi Li, we could not process your payment. Update your payment details.",
        ("Update payment", "https://www.netflix.com/youraccount"),
    ),
    "true parcel": mail(
        "DHL <noreply@dhl.de>",
        "Ihre Sendung kommt morgen",
        "Ihr Paket wird morgen zugestellt. Sie können den Ablageort ändern.",
        ("Sendung verfolgen", "https://www.dhl.de/p/1"),
    ),
    "freelancer's bill": mail(
        "Dana Example <dana.example@gmail.com>",
        "Invoice for November",
        "Hi Li, here is the invoice for the drawings. Thank you.",
        files=("invoice-11.pdf",),
    ),
    "photographs": mail("Mum <mum.example@gmx.de>", "Fotos vom Sonntag", "", files=(), pictures=6),
    "club": mail(
        "Ruderclub <vorstand@club.example>",
        "Einladung zur Versammlung",
        "Liebe Mitglieder, am Freitag treffen wir uns um 19 Uhr. Bitte überweist den Beitrag bis Monatsende.",
        headers={"To": "undisclosed-recipients:;"},
    ),
    "bank's warning": mail(
        "Example Bank <news@bank.example>",
        "Beware of fake parcel mails",
        "Scammers claim that your parcel is held. We never ask for a code. Do not open links in such mails.",
        ("Read more", "https://www.bank.example/safety"),
    ),
    "chinese shop": mail(
        "某某商城 <service@shop.example>",
        "您的订单已发货",
        "李女士：您的订单已发出，预计周四送达。可在订单页查看物流。",
        ("查看订单", "https://www.shop.example/order/1"),
    ),
    "code review": mail(
        "Continuous Build <ci@build.example>",
        "Build 5f2a9c81 failed",
        "Job 7 failed in step test. diff --git a/x b/x\n+++ b/x\nAssertionError: 3 != 4",
        ("Open the log", "https://build.example/5f2a9c81"),
    ),
    "receipt through a known mailer": mail(
        "Corner Café <receipts@cafe.example>",
        "Your receipt",
        "Thank you for your visit. Paid: 7.40.",
        ("See the receipt", "https://u123.ct.sendgrid.net/r"),
        headers={"Return-Path": "<bounces+1@em1.sendgrid.net>"},
    ),
    "newsletter through a mailer nobody knows": mail(
        "Bookshop on the Corner <hello@corner-books.example>",
        "Ten books for the winter",
        "Dear reader, here are ten books that we liked. Unsubscribe if you want no more.",
        ("Read more", "https://t.letters.test/1"),
        ("www.corner-books.example", "https://t.letters.test/2"),
        ("Unsubscribe", "https://t.letters.test/u"),
        headers={"Return-Path": "<b-12@bounce.letters.test>", "Precedence": "bulk"},
        pictures=5,
        hidden="Ten books",
    ),
    "Gewinnspiel eines Ladens": mail(
        "Gartenmarkt <newsletter@gartenmarkt.example>",
        "Adventskalender: jeden Tag ein Gewinn",
        "Hallo Li, in unserem Gewinnspiel verlosen wir jeden Tag einen Gutschein. Teilnahme im Kundenkonto.",
        ("Zum Adventskalender", "https://www.gartenmarkt.example/advent"),
        ("Abmelden", "https://www.gartenmarkt.example/abmelden"),
        pictures=8,
    ),
    "facture d'un opérateur": mail(
        "Exemple Télécom <facture@telecom.example>",
        "Votre facture de novembre est disponible",
        "Bonjour Mme Exemple, votre facture de 19,99 € est disponible dans votre espace client.",
        ("Voir ma facture", "https://espace.telecom.example/factures"),
        files=("facture-11.pdf",),
    ),
    "fatura de cartão": mail(
        "Banco Exemplo <avisos@banco.example>",
        "Sua fatura fechou",
        "Olá, Li. Sua fatura de novembro fechou em R$ 220,00 e vence dia 10. Pague pelo aplicativo.",
    ),
    "job alert": mail(
        "Jobs Example <alerts@jobs.example>",
        "12 new jobs for translators in Leeds",
        "Hi Li, new jobs that match your search. Apply by 30 November.",
        ("See jobs", "https://www.jobs.example/s?q=translator"),
        headers={"Reply-To": "no-reply@jobs.example", "Return-Path": "<x@bounces.jobs.example>"},
    ),
    "survey after a visit": mail(
        "Example Dental <surveys@feedback.test>",
        "How was your visit?",
        "Dear Li, please take two minutes to answer a few questions about your visit to Example Dental.",
        ("Start", "https://feedback.test/s/1"),
    ),
    "meeting link": mail(
        "Omar Example <omar@office.example>",
        "Call on Thursday",
        "Hi Li, shall we talk on Thursday at three? The document to review is in the folder.",
        ("Join the meeting", "https://meet.google.com/abc-defg-hij"),
        ("Folder", "https://docs.google.com/document/d/1"),
    ),
    "charity": mail(
        "Example Shelter <hello@shelter.example>",
        "A warm bed costs £12 a night",
        "Dear friend, this winter you can donate a night. Every gift helps.",
        ("Donate", "https://donate.shelter.example"),
        headers={"Return-Path": "<b@shelter.mcsv.net>"},
        pictures=2,
    ),
    "password reset that was asked for": mail(
        "Example Forum <noreply@forum.example>",
        "Reset your password",
        "Hello li, somebody asked to reset the password of your account. If it was you, open the link within"
        " 24 hours. If not, do nothing.",
        ("Reset the password", "https://forum.example/reset/1"),
    ),
    "银行月结单": mail(
        "招商银行 <ccsvc@message.cmbchina.com>",
        "招商银行信用卡电子账单",
        "李女士，您好：您十一月的账单已出，本期应还1,280.00元，到期还款日12月8日。",
        headers={"Return-Path": "<bounce@message.cmbchina.com>"},
    ),
    "学校通知": mail(
        "某某小学教务处 <jiaowu@school.example>",
        "关于家长会的通知",
        "各位家长：本周五下午三点召开家长会，请准时参加。附件为议程。",
        files=("议程.docx",),
        headers={"To": "undisclosed-recipients:;"},
    ),
    "note to oneself": mail("li@example.com", "shopping", "milk, bread, tea"),
}
