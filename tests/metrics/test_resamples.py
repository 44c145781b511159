"""One drawing serves every metric."""

import numpy as np

from radimpress.metrics.catalogue import BY_NAME, ONE
from radimpress.metrics.resamples import resample
from radimpress.metrics.significance import Resampling, bootstrap_interval, estimate

RESAMPLING = Resampling(samples=300, seed=9)


def test_metrics_drawn_together_have_the_interval_they_have_alone():
    generator = np.random.default_rng(0)
    columns = {
        "rouge1": generator.random(40),
        "rougeL": generator.random(40),
        "prediction_words": generator.integers(1, 20, 40).astype(float),
        "reference_words": generator.integers(1, 20, 40).astype(float),
        ONE: np.ones(40),
    }
    metrics = [BY_NAME[name] for name in ("rouge1", "rougeL", "length_ratio")]
    together = resample(columns, metrics, RESAMPLING)
    for metric in metrics:
        alone = bootstrap_interval(metric.table(columns), metric.statistic, RESAMPLING)
        found = estimate(together.value(metric), together.drawn(metric), together.n, 0.95)
        assert np.allclose(
            (found.value, found.low, found.high), (alone.value, alone.low, alone.high)
        )
        assert found.n == alone.n == 40
