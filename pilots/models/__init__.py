from pilots.models.evaluation import Evaluation
from pilots.models.indicator import Indicator
from pilots.models.monthly_return import IndicatorValue, MonthlyReturn

__all__ = ["Evaluation", "Indicator", "IndicatorValue", "MonthlyReturn"]
