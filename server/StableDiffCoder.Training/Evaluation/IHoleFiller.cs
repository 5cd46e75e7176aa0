namespace StableDiffCoder.Training.Evaluation;

/// <summary>What a filler put into a hole.</summary>
/// <param name="Text">The fill, as far as it counts (<see cref="Hole.Counted"/>).</param>
/// <param name="Tokens">Tokens generated.</param>
/// <param name="Forwards">Runs of the model.</param>
/// <param name="Milliseconds">Wall-clock time.</param>
public sealed record HoleFill(string Text, int Tokens, int Forwards, double Milliseconds);

/// <summary>Fills holes: a neural model or a baseline. Every filler stops by the hole's rule and after the same number of tokens.</summary>
public interface IHoleFiller
{
    /// <summary>Name in the report.</summary>
    string Name { get; }

    /// <summary>Fills a hole; the answer is not looked at.</summary>
    Task<HoleFill> FillAsync(Hole hole, int maxNewTokens, CancellationToken cancellationToken);
}
