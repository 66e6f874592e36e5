"""Invented texts to check: scams as people receive them, and honest texts that use the same words.

Written before any rule of the check, and not to be bent to it: what the rules miss stays here and is counted.
Numbers and names are invented or reserved.
"""

SCAMS_ZH = {
    "hacker recovery": "我们是专业黑客技术追款团队，100%追回被骗资金，成功后付款，只需先付服务器费500元。加微信 zhuikuan-sample",
    "fake lawyer": "您好，我是法律援助中心的，看到您在网上被骗的登记。现在可以帮您追回全部损失，需要先交案款10%的保证金到指定账户。",
    "net police": "【网警代追】您的被骗资金已被成功拦截，请添加QQ 10000 办理返还，返还前需缴纳解冻费2000元。",
    "safe account": "这里是市公安局，你的银行卡涉嫌洗钱案，现在要进行资金清查，请把钱转入安全账户，不要告诉家人，否则将被逮捕。",
    "refund agent": "您好，我是某购物平台客服，您误开通了百万保障业务，不取消每月会扣800元，请下载会议软件打开屏幕共享，我教您操作。",
    "tasks": "诚招兼职，在家做任务刷单返利，每单佣金5到50元，先垫付，做满三单一起返现，日结，加群领福利。",
    "investment": "导师带单，内幕消息，稳赚不赔，保本高收益，今晚最后一批名额，充值USDT即可入金跟投。",
    "withdrawal tax": "尊敬的用户，您的提现被拒，需先交20%个人所得税才能提现，请联系在线客服缴纳，逾期账户冻结。",
    "boss": "小王，我是刘总，这是我的新微信。我现在开会不方便接电话，你先帮我转48000到这个账户，对方急等，下午补手续。",
    "shop": "亲，走平台要手续费，加微信便宜200元，直接转账给我，今天就发货。",
    "parcel": "【快递】您的包裹因地址不详无法投递，请点击 http://kuaidi-sample.example/a 补充信息并支付0.3元，24小时内有效。",
    "credit": "您好，您名下的校园贷没有注销，会影响征信，请配合我们注销校园贷账户，把各平台额度借出来转到对公账户清零。",
    "gambling": "充值送彩金，百家乐稳赢计划群，后台漏洞跟着投注包赚，上分联系客服。",
    "romance": "亲爱的，我这边项目账户被冻结了，只差三万块钱解冻，你先转给我，等我回国就还你，我们就结婚。",
}

SCAMS_EN = {
    "hacker recovery": "I am a certified recovery expert. We use a blockchain hacker tool and guarantee recovery of 100% of your lost crypto. Only a small upfront fee of $300.",
    "reclaim": "Our agency can reclaim your money from the broker that cheated you. Funds have been located, pay the release fee and they are yours today.",
    "safe account": "This is your bank's fraud team. Your account is at risk. Move your money to a safe account now and do not tell branch staff why.",
    "hmrc": "HMRC: a warrant has been issued for unpaid tax. Pay £950 by bank transfer within the hour to avoid arrest. Call 020 7946 0000.",
    "mum": "Hi mum, I dropped my phone, this is my new number. Can you pay a bill for me today? I can't get into my banking app. I'll pay you back tomorrow.",
    "parcel": "Royal Mail: your parcel is held, a fee of £1.99 is unpaid. Pay at http://rm-redelivery.example/pay or it will be returned.",
    "tasks": "Work from home! Optimise apps for commission, complete the set of 40 tasks and withdraw daily. Top up to unlock the combination order.",
    "investment": "Join our VIP signal group, guaranteed profit of 5% a day, invest with our trading platform, the AI bot never loses. Deposit more to upgrade.",
    "otp": "Please read me the verification code we just sent you so that we can cancel the fraudulent payment.",
    "remote": "Hello, this is Microsoft support, your computer is sending errors. Install AnyDesk and allow screen sharing so that we can fix it. Buy gift cards to pay.",
    "withdrawal": "Dear client, your withdrawal rejected. You must pay the tax of 20% before funds can be released from your account.",
    "ticket": "I have two tickets, can't go any more. Bank transfer only please, no PayPal, loads of people want them so be quick.",
    "courier": "This is the police. Your card has been cloned. Withdraw £4,000 and hand it with your card and PIN to the courier that we send. Keep this secret.",
    "romance": "My love, customs is holding my inheritance of 2.5 million dollars, I need only 800 pounds for the clearance, send it by gift cards.",
}

HONEST_ZH = {
    "police warning": "【反诈提醒】凡是自称公检法要求把钱转入“安全账户”的，都是诈骗。请不要转账，有疑问拨打96110。",
    "recovery warning": "网警提醒：网上声称“黑客追款”“网警代追”“100%追回”的都是骗子，不要先付服务器费，被骗请打110。",
    "task warning": "谨防刷单返利骗局：凡是要求垫付做任务、做满单才返佣金的，一律是诈骗，切勿相信。",
    "code": "【某银行】您的验证码为482913，5分钟内有效。请勿把验证码告诉任何人，包括自称银行工作人员的人。",
    "refund": "您的订单已退款，12.00元将在1到3个工作日内原路退回您的支付账户，无需任何操作。",
    "fund notice": "理财非存款，产品有风险，投资须谨慎。本产品不保本，过往收益不代表未来表现。",
    "lawyer": "本所可代理诉讼。律师不得承诺案件结果，能否追回款项由法院裁判和执行情况决定，费用以书面合同为准。",
    "court": "您有一份开庭传票，请于11月26日上午9点到本院第三法庭，带好身份证。有疑问请打12368。",
    "landlord": "妈，这个月房租2000我已经转给房东了，你别担心，晚上视频。",
    "shop": "亲，您的包裹已发货，运单号在订单里能看到，七天无理由退货，有问题点订单里的客服。",
    "colleague": "王姐，报销单我放你桌上了，金额3,860元，发票都在，麻烦签个字。",
    "freeze": "根据规定，您的账户因证件过期被暂停非柜面业务，请本人携带有效身份证到任一网点更新，不收取费用。",
    "data rescue": "硬盘数据恢复，先检测后报价，恢复不成功不收费，门店地址在中山路，发票齐全。",
    "news": "新闻：某地警方打掉一个冒充客服的团伙，受害人按要求打开屏幕共享后被转走八万元，警方提醒不要下载会议软件。",
}

HONEST_EN = {
    "bank warning": "We will never ask you to move money to a safe account. If someone does, it is a scam: hang up and call 159.",
    "recovery warning": "Beware of recovery scams. Nobody can guarantee recovery, and anyone who asks for an upfront fee to recover your funds is a fraudster.",
    "code": "Your verification code is 482913. Do not share it with anyone, even if they say that they are from the bank.",
    "ombudsman": "We have received your complaint about the bank. Our service is free. We will write to you when an investigator has looked at it.",
    "parcel": "Your parcel will be delivered today between 10:00 and 12:00. No action is needed.",
    "refund": "Your refund of £24.99 has been issued to the card you paid with. It may take 3 to 5 working days.",
    "investment": "Capital at risk. The value of investments can go down as well as up and you may get back less than you put in.",
    "police": "Action for residents: courier fraud. The police will never ask you to withdraw cash or hand your card to a courier. Report it.",
    "job": "The role pays a base salary plus commission. We never ask applicants for money. Interviews are at our office on Friday.",
    "friend": "Can you send me the £12 for the pizza when you get a minute? Same account as always, see you Sunday.",
    "council": "Your council tax bill is ready. Log in through the council's own website to see it. Payments are due on the 1st.",
    "seller": "Happy to hold the bike for you. Come and look at it first, pay when you collect, card or cash both fine.",
    "news": "A man has been jailed for a task scam in which victims were told to complete the set and top up to withdraw their commission.",
    "data rescue": "We recover deleted photos from memory cards. Free diagnosis, no data, no fee. Walk in with your card at our shop.",
}
