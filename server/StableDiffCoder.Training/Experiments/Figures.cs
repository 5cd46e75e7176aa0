using System.Globalization;

namespace StableDiffCoder.Training.Experiments;

/// <summary>How figures are written in results.</summary>
internal static class Figures
{
    /// <summary>A number with a fixed count of decimals.</summary>
    public static string Number(double value, int decimals = 3) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);

    /// <summary>A share as percent.</summary>
    public static string Percent(double share) => $"{Number(100 * share, 1)} %";

    /// <summary>Mean and sample standard deviation of shares, as percent; without a spread when there is one value.</summary>
    public static string PercentOf(IReadOnlyList<double> shares) =>
        shares.Count < 2 ? Percent(shares[0]) : $"{Number(100 * shares.Average(), 1)} ± {Number(100 * Spread(shares), 1)} %";

    /// <summary>Mean and sample standard deviation.</summary>
    public static string MeanOf(IReadOnlyList<double> values, int decimals = 3) =>
        values.Count < 2 ? Number(values[0], decimals) : $"{Number(values.Average(), decimals)} ± {Number(Spread(values), decimals)}";

    /// <summary>A quotient, such as "3.1×".</summary>
    public static string Times(double ratio) => $"{Number(ratio, ratio < 10 ? 2 : 0)}×";

    /// <summary>A learning rate, such as "1.5e-3".</summary>
    public static string Rate(double rate) => rate.ToString("0.0#e-0", CultureInfo.InvariantCulture);

    /// <summary>Millions.</summary>
    public static string Millions(double tokens) => $"{Number(tokens / 1e6, 2)} M";

    /// <summary>Sample standard deviation; 0 of one value.</summary>
    public static double Spread(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
        {
            return 0;
        }
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }
}
