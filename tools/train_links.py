"""`python -m tools.train_links --scam FILE… --plain FILE…`: learn how names of scam sites are written.

Each FILE holds one host or link a line ("#" begins a remark; hosts files with 0.0.0.0 are read as well).
Sites in a file given with --leave-out are not learned from, so that the file can measure the result; neither
is one fifth of all sites (`held_back`). A site in both kinds of files is left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import SGDClassifier
from tools.link_sites import held_back, hosts_in, sites_in

from clawback.guard.addresses import Address
from clawback.guard.lookalikes import latin
from clawback.guard.sitenames import WEIGHTS, Model, features, write_model

LEAST_SITES = 6
"""A feature that fewer sites show is not kept: it would be a memory of those sites."""
SMALLEST = 0.02
"""Weights below this, in log odds, are dropped."""


AKIN = 8
"""How often a plain site of the trade that the scam sites copy counts: there are few of them."""


def features_of(address: Address) -> set[str]:
    assert address.site is not None  # noqa: S101  # sites_in gives only such
    label = latin(address.shown[-2 - address.site.suffix.count(".")])
    return features(label, address.site)


def learn(scam: Iterable[Address], plain: Iterable[Address], akin: frozenset[str], strength: float) -> Model:
    """A logistic model; `strength` of regularisation. Plain sites in `akin` count AKIN times."""
    addresses = [*scam]
    truth = [1] * len(addresses)
    addresses += plain
    truth += [0] * (len(addresses) - len(truth))
    counts = [AKIN if address.owner in akin else 1 for address in addresses]
    table = CountVectorizer(analyzer=features_of, binary=True, min_df=LEAST_SITES, dtype=np.float32)
    seen = table.fit_transform(addresses)
    fitted = SGDClassifier(
        loss="log_loss",
        alpha=strength,
        max_iter=15,
        average=True,
        class_weight="balanced",
        tol=None,
        random_state=0,
    ).fit(seen, truth, sample_weight=counts)
    names = table.get_feature_names_out()
    weights = {
        str(name): float(w) for name, w in zip(names, fitted.coef_[0], strict=True) if abs(w) >= SMALLEST
    }
    return Model(weights, float(fitted.intercept_[0]))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.train_links", description=__doc__)
    parser.add_argument("--scam", type=Path, nargs="+", required=True)
    parser.add_argument("--plain", type=Path, nargs="+", required=True)
    parser.add_argument("--akin", type=Path, nargs="*", default=[], help="plain sites of the copied trade")
    parser.add_argument("--leave-out", type=Path, nargs="*", default=[])
    parser.add_argument("--strength", type=float, default=5e-5)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    left_out = {site for path in options.leave_out for site in sites_in(hosts_in(path))}
    scam = sites_in(host for path in options.scam for host in hosts_in(path))
    plain = sites_in(host for path in [*options.plain, *options.akin] for host in hosts_in(path))
    akin = frozenset(sites_in(host for path in options.akin for host in hosts_in(path)))
    left_out |= scam.keys() & plain.keys()
    keep = [
        [one for site, one in sites.items() if site not in left_out and not held_back(site)]
        for sites in (scam, plain)
    ]
    model = learn(*keep, akin, options.strength)
    write_model(options.out, model)
    print(
        f"{len(keep[0])} scam sites, {len(keep[1])} plain sites, {len(model.weights)} features, {options.out}"
    )


if __name__ == "__main__":
    main()
