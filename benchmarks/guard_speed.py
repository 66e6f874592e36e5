"""How long does a check take? The guard against a TF-IDF pipeline of scikit-learn on the same texts.

    python -m benchmarks.guard_speed [--rounds 2000]

Invented messages of 200 characters in both languages, scams and honest ones. Prints microseconds a message for the
learned part alone, for the whole verdict, and for `TfidfVectorizer(analyzer="char", ngram_range=(2, 3))` with
`LinearSVC` fitted on invented texts, one message at a time as a check comes in; then what a batch costs over HTTP, and
the memory of a process that checks. Needs the extra `train`. Goals: 50 µs, 300 µs, 20 times, 5,000 a second, 150 MB.
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
    "您好，这里是某某银行客服中心，我们发现您的账户存在异常交易，请您尽快提供身份证号码和银行卡号，配合我们核实身份，否则账户将被冻结。",
    "我是公安局民警，您名下账户涉嫌洗钱，请添加微信配合调查，把资金转到安全账户，不要告诉家人。",
    "今天下午三点开会，请大家准时参加，会议室在三楼，记得带上材料，晚上一起吃饭，有什么问题可以电话联系我。",
    "【示例银行】您尾号1234的储蓄卡11月20日10:30转账支出人民币1,200.00元，余额3,456.78元。如非本人操作请致电客服热线。",
    "Your parcel is held at customs. Pay the processing fee of $3 now to release it, or it will be returned to sender. ",
    "Hi Sam, the meeting moved to 3 pm on Tuesday. Could you bring the budget figures and the slides? Thanks, see you. ",
)


def messages() -> list[str]:
    """Each message said again until it has 200 characters."""
    return [(text * 4)[:200] for text in MESSAGES]


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
