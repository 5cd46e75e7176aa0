using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>How the holes of a file are filled.</summary>
public enum MultiHoleOrder
{
    /// <summary>All in one request: each in view of the others' present fills, the uncertain ones a second time.</summary>
    Together,

    /// <summary>A request each, from top to bottom: the fills above are there, nothing stands in the holes below.</summary>
    OneAfterAnother,
}

/// <summary>One file with several holes, filled.</summary>
/// <param name="Id">The file.</param>
/// <param name="Exact">Holes filled exactly.</param>
/// <param name="Holes">Holes of the file.</param>
/// <param name="EditSimilarity">Mean over the holes.</param>
/// <param name="Parses">Whether the file has no more syntax errors than the original.</param>
/// <param name="Milliseconds">Wall-clock time of all holes together.</param>
/// <param name="Forwards">Runs of the model for all holes together.</param>
/// <param name="Fills">What was filled in; null where nobody asked.</param>
public sealed record MultiHoleScore(
    string Id,
    int Exact,
    int Holes,
    double EditSimilarity,
    bool Parses,
    double Milliseconds,
    int Forwards = 0,
    IReadOnlyList<string>? Fills = null
)
{
    /// <summary>Whether every hole is filled exactly.</summary>
    public bool AllExact => Exact == Holes;
}

/// <summary>Fills files with several holes.</summary>
public static class MultiHoleEvaluation
{
    /// <summary>Fills all holes of each file at once, and scores.</summary>
    /// <param name="engine">The loaded model; stays the caller's.</param>
    /// <param name="files">Files with holes.</param>
    /// <param name="options">Budget of a hole, sampling.</param>
    /// <param name="cancellationToken">Checked at every file and inside the engine.</param>
    public static async Task<IReadOnlyList<MultiHoleScore>> RunAsync(
        IInfillEngine engine,
        IReadOnlyList<MultiHole> files,
        InfillOptions options,
        CancellationToken cancellationToken
    )
    {
        var scores = new List<MultiHoleScore>(files.Count);
        foreach (MultiHole file in files)
        {
            scores.Add(await FillAsync(engine, file, options, MultiHoleOrder.Together, cancellationToken));
        }
        return scores;
    }

    /// <summary>Fills the holes of a file, and scores.</summary>
    /// <param name="engine">The loaded model; stays the caller's.</param>
    /// <param name="file">A file with holes.</param>
    /// <param name="options">Budget of a hole, sampling.</param>
    /// <param name="order">At once or not.</param>
    /// <param name="cancellationToken">Checked inside the engine.</param>
    public static async Task<MultiHoleScore> FillAsync(
        IInfillEngine engine,
        MultiHole file,
        InfillOptions options,
        MultiHoleOrder order,
        CancellationToken cancellationToken
    )
    {
        InfillRequest[] requests = order == MultiHoleOrder.Together ? [file.ToRequest(options)] : new InfillRequest[file.Answers.Count];
        var spans = new List<InfilledSpan>();
        double milliseconds = 0;
        for (int i = 0; i < requests.Length; i++)
        {
            InfillRequest request = requests[i] ?? file.ToRequest(options, [.. spans.Select(span => span.Text)]);
            InfillResult result = await engine.InfillAsync(request, progress: null, cancellationToken);
            spans.AddRange(result.Spans);
            milliseconds += result.Milliseconds;
        }
        MultiHoleScore score = Score(file, [.. spans.Select(span => span.Text)], milliseconds);
        return score with { Forwards = spans.Sum(span => span.Forwards) };
    }

    /// <summary>Scores the fills of a file.</summary>
    public static MultiHoleScore Score(MultiHole file, IReadOnlyList<string> fills, double milliseconds) =>
        new(
            file.Id,
            fills.Zip(file.Answers).Count(pair => pair.First.Trim() == pair.Second.Trim()),
            file.Answers.Count,
            fills.Zip(file.Answers).Average(pair => EditSimilarity.Of(pair.First.Trim(), pair.Second.Trim())),
            CSharpSyntax.Errors(file.With(fills)) <= CSharpSyntax.Errors(file.With(file.Answers)),
            milliseconds,
            Fills: fills
        );
}
