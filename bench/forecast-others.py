# Forecasts of statsmodels for bench/forecast-against-others.mjs, in the form of forecast-others.R.
import sys, time, warnings
import numpy as np
import pandas as pd
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.stl import STLForecast

warnings.filterwarnings("ignore")
file, season, horizon, most = sys.argv[1], *map(int, sys.argv[2:5])


def ets(y):
    kind = dict(error="add", trend="add", damped_trend=True, seasonal="add", seasonal_periods=season)
    result = ETSModel(y, **kind).fit(disp=False)
    prediction = result.get_prediction(start=len(y), end=len(y) + horizon - 1).summary_frame(alpha=0.05)
    return prediction["mean"], prediction["pi_lower"], prediction["pi_upper"]


def stl(y):
    result = STLForecast(y, ARIMA, model_kwargs=dict(order=(1, 1, 1)), period=season).fit()
    prediction = result.get_prediction(len(y), len(y) + horizon - 1).summary_frame(alpha=0.05)
    return prediction["mean"], prediction["mean_ci_lower"], prediction["mean_ci_upper"]


methods = {"statsmodels ETS (damped)": ets, "statsmodels STL + ARIMA": stl}
spent = dict.fromkeys(methods, 0.0)
rows = [line for line in open(file).read().splitlines() if "," in line]
for line in rows[:most]:
    name, *values = line.split(",")
    y = pd.Series([float(v) for v in values if v])
    for method, run in methods.items():
        began = time.perf_counter()
        frame = [np.asarray(column) for column in run(y)]
        spent[method] += time.perf_counter() - began
        for h in range(horizon):
            print(name, method, h + 1, *(column[h] for column in frame), sep=",")
for method, seconds in spent.items():
    print(method, seconds, sep=",", file=sys.stderr)
