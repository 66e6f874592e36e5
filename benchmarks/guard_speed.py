"""How long does a check take? The guard against a TF-IDF pipeline of scikit-learn on the same texts.

    python -m benchmarks.guard_speed [--rounds 2000]

Invented messages of 200 characters in both languages, scams and honest ones. Prints microseconds a message for the
learned part alone, for the whole verdict, and for `TfidfVectorizer(analyzer="char", ngram_range=(2, 3))` with
`LinearSVC` fitted on invented texts, one message at a time as a check comes in, and the memory of a process that
checks. Needs the extra `train`. Goals: 50 µs, 300 µs, 20 times, 150 MB. Over HTTP: `benchmarks.check_http`.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable

from clawback.guard.learned import model
from clawback.guard.normalise import normalise
from clawback.guard.verdict import judge

MESSAGES = (
    "您好，这里是示例银行客服中心，我是工号3021的小李。系统检测到您尾号0021的储蓄卡昨晚在外地有一笔四千八百元的异常消费，"
    "为了您的资金安全，需要马上核实身份。请您准备好身份证和银行卡，把稍后收到的六位验证码告诉我，我这边帮您撤销交易。"
    "如果十分钟之内没有完成核实，您名下的账户会被全部冻结，到时候只能本人带证件去网点排队处理，会比较麻烦，请您理解配合。",
    "周六下午三点在老地方聚，人数大概十二个，我订了靠窗的大桌，菜先点了几个招牌的，忌口的在群里说一声。小陈开车过来可以顺路接两位，"
    "要接的私聊他。饭后想去江边走走，晚上可能降温，记得带件外套。AA就行，最后我把账单发群里，大家方便的时候转就好，不着急。"
    "对了，上次说的那本书我带给你，看完再还我，里面夹了张书签别丢了。",
    "【示例银行】尊敬的客户，您尾号1234的信用卡十一月账单已出，本期应还人民币3,456.78元，最低还款345.67元，到期还款日为12月5日。"
    "您可通过手机银行、网点或已绑定的借记卡自动还款。如已还款请忽略本信息。我行不会以任何理由向您索要密码或验证码，"
    "如有疑问请拨打卡片背面的客服电话，谨防电信网络诈骗。感谢您一直以来的信任与支持。",
    "Hi Mum, my phone went down the sink this morning so this is my new number, can you save it and delete the old one? "
    "I cannot get into my banking app yet and have a bill due today, could you pay it for me?",
    "Your parcel is waiting at our depot because the customs charge of 1.99 was not paid. Pay it within 24 hours at "
    "parcel.example or it goes back to the sender. Enter your card details to book a new delivery.",
    "Hi Sam, the meeting moved to 3 pm on Tuesday because the room is taken in the morning. Could you bring the budget "
    "figures for the last two quarters and the slides that Ana sent? Coffee is on me. See you there.",
)


def messages() -> list[str]:
    """The first 200 characters of each."""
    return [text[:200] for text in MESSAGES]


def micros(work: Callable[[str], object], rounds: int) -> float:
    """Median over the messages of the mean CPU microseconds for one."""
    means = []
    for text in messages():
        work(text)
        before = time.process_time()
        for _ in range(rounds):
            work(text)
        means.append((time.process_time() - before) / rounds * 1e6)
    return statistics.median(means)


def peer() -> Callable[[str], object]:
    """The pipeline that people reach for, fitted on variations of the messages."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    texts = [f"{text}{number}" for number in range(2000) for text in MESSAGES]
    labels = [number % 3 == 0 for number in range(len(texts))]
    fitted = make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(2, 3)), LinearSVC()).fit(
        texts, labels
    )
    return lambda text: fitted.predict([text])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=2000)
    rounds = parser.parse_args().rounds
    plain = {text: normalise(text).text for text in messages()}
    learned = model()
    learned_only = micros(lambda text: learned.opinion(plain[text]), rounds)
    whole = micros(judge, rounds)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    other = micros(peer(), max(rounds // 10, 10))
    print(f"learned part             {learned_only:8.1f} µs")
    print(f"whole verdict            {whole:8.1f} µs   memory {memory:.0f} MB")
    print(
        f"TF-IDF of scikit-learn   {other:8.1f} µs   {other / learned_only:.0f} times the learned part, {other / whole:.1f} times the whole"
    )


if __name__ == "__main__":
    main()
