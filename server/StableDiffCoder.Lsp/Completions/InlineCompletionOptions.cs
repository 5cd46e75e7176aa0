using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>When inline completion speaks, and how much. The one source of these defaults.</summary>
public sealed record InlineCompletionOptions
{
    /// <value>
    /// How readily a suggestion is shown unasked, 0 to 1: it is when the model's mean probability of its tokens is at least 1 − eagerness.
    /// Default 0.4.
    /// </value>
    public double Eagerness { get; init; } = 0.4;

    /// <value>Most suggestions when the user asks, 1 to 10. Default 3.</value>
    public int Candidates { get; init; } = 3;

    /// <value>Most new tokens where one line is wanted. Default 32.</value>
    public int LineTokens { get; init; } = 32;

    /// <value>Most new tokens where several lines are. Default 64.</value>
    public int BlockTokens { get; init; } = 64;

    /// <value>
    /// Confidence above which several tokens are revealed a step (<see cref="InfillOptions.Threshold"/>); null reveals one a step. Default 0.9.
    /// </value>
    public double? Threshold { get; init; } = 0.9;

    /// <value>Shortest pause in typing that a suggestion waits for unasked, in milliseconds, 0 to 2000. Default 20.</value>
    public int LeastDebounce { get; init; } = 20;

    /// <value>
    /// Longest such pause, in milliseconds, at least <see cref="LeastDebounce"/>, up to 2000. Between the two the pause follows from how the
    /// user types. Default 200.
    /// </value>
    public int MostDebounce { get; init; } = 200;

    /// <value>Offers that are kept, so that typing their text needs no model and its acceptance is known, 1 to 1000. Default 32.</value>
    public int KeptOffers { get; init; } = 32;

    /// <value>Whether the next completion is prepared as soon as one is accepted. Default true.</value>
    public bool PrepareNext { get; init; } = true;

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        Require(Eagerness is >= 0 and <= 1, $"eagerness is {Eagerness}; use 0 to 1");
        Require(Candidates is >= 1 and <= 10, $"candidates is {Candidates}; use 1 to 10");
        Require(LeastDebounce is >= 0 and <= 2000, $"leastDebounce is {LeastDebounce}; use 0 to 2000 milliseconds");
        Require(
            MostDebounce >= LeastDebounce && MostDebounce <= 2000,
            $"mostDebounce is {MostDebounce}; use leastDebounce ({LeastDebounce}) to 2000 milliseconds"
        );
        Require(KeptOffers is >= 1 and <= 1000, $"keptOffers is {KeptOffers}; use 1 to 1000");
        new InfillOptions { MaxNewTokens = LineTokens, Threshold = Threshold }.Validate();
        new InfillOptions { MaxNewTokens = BlockTokens, Threshold = Threshold }.Validate();
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
