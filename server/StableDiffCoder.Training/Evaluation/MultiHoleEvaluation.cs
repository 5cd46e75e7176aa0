using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>One file with several holes, filled.</summary>
/// <param name="Id">The file.</param>
/// <param name="Exact">Holes filled exactly.</param>
/// <param name="Holes">Holes of the file.</param>
/// <param name="EditSimilarity">Mean over the holes.</param>
/// <param name="Parses">Whether the file has no more syntax errors than the original.</param>
/// <param name="Milliseconds">Wall-clock time of all holes together.</param>
public sealed record MultiHoleScore(string Id, int Exact, int Holes, double EditSimilarity, bool Parses, double Milliseconds)
{
    /// <summary>Whether every hole is filled exactly.</summary>
    public bool AllExact => Exact == Holes;
}

/// <summary>Fills files with several holes at once.</summary>
public static class MultiHoleEvaluation
{
    /// <summary>Fills and scores.</summary>
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
            InfillResult result = await engine.InfillAsync(file.ToRequest(options), progress: null, cancellationToken);
            scores.Add(Score(file, [.. result.Spans.Select(span => span.Text)], result.Milliseconds));
        }
        return scores;
    }

    /// <summary>Scores the fills of a file.</summary>
    public static MultiHoleScore Score(MultiHole file, IReadOnlyList<string> fills, double milliseconds) =>
        new(
            file.Id,
            fills.Zip(file.Answers).Count(pair => pair.First.Trim() == pair.Second.Trim()),
            file.Answers.Count,
            fills.Zip(file.Answers).Average(pair => EditSimilarity.Of(pair.First.Trim(), pair.Second.Trim())),
            CSharpSyntax.Errors(file.With(fills)) <= CSharpSyntax.Errors(file.With(file.Answers)),
            milliseconds
        );
}
