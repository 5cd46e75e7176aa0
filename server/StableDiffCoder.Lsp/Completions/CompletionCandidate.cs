using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>One text that may be suggested.</summary>
internal sealed record CompletionCandidate
{
    /// <value>What it replaces in the document.</value>
    public required TextSpan Range { get; init; }

    /// <value>The new text.</value>
    public required string NewText { get; init; }

    /// <value>How sure the model is of it, 0 to 1.</value>
    public required double Confidence { get; init; }

    /// <value>The model's tokens that it was made of.</value>
    public int Tokens { get; init; }

    /// <value>Names of the editing rules that changed it.</value>
    public IReadOnlyList<string> Fired { get; init; } = [];
}

/// <summary>What a place gets: candidates, the best first, or silence.</summary>
internal sealed record CompletionResult
{
    /// <value>None when silent.</value>
    public IReadOnlyList<CompletionCandidate> Candidates { get; init; } = [];

    /// <value>Why there are none; null when there are.</value>
    public Silence? Silence { get; init; }

    /// <value>Names of the editing rules that had a say in the silence.</value>
    public IReadOnlyList<string> Fired { get; init; } = [];

    /// <summary>Nothing.</summary>
    public static CompletionResult Silent(Silence why, IReadOnlyList<string>? fired = null) => new() { Silence = why, Fired = fired ?? [] };
}
