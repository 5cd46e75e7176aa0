namespace StableDiffCoder.Training.Experiments;

/// <summary>A table of a result; cells are text as shown.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Headings.</param>
/// <param name="Rows">Cells, as many a row as headings.</param>
public sealed record ResultTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>A line of a plot.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="X">Abscissae.</param>
/// <param name="Y">Ordinates, as many.</param>
public sealed record ResultSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y);

/// <summary>A plot of a result.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="XTitle">Title of the horizontal axis.</param>
/// <param name="YTitle">Title of the vertical axis.</param>
/// <param name="Series">The lines.</param>
/// <param name="LogarithmicY">Whether the vertical axis is logarithmic.</param>
public sealed record ResultPlot(string Title, string XTitle, string YTitle, IReadOnlyList<ResultSeries> Series, bool LogarithmicY = false);

/// <summary>What an experiment found.</summary>
public sealed record ExperimentResult
{
    /// <value>The figures.</value>
    public required IReadOnlyList<ResultTable> Tables { get; init; }

    /// <value>The curves.</value>
    public required IReadOnlyList<ResultPlot> Plots { get; init; }

    /// <value>What the figures say about the claim, sentence by sentence, computed from them.</value>
    public required IReadOnlyList<string> Findings { get; init; }
}
