namespace StableDiffCoder.Engine.Infilling;

/// <summary>The answer to an <see cref="EditRequest"/>. A plain record: it survives a JSON round trip.</summary>
public sealed record EditResult
{
    /// <value>The span of the request's text that <see cref="NewText"/> replaces.</value>
    public required TextSpan Span { get; init; }

    /// <value>The rewritten code, with the indentation and line ends of the text around it.</value>
    public required string NewText { get; init; }

    /// <value>Tokens of the model's answer, before eos.</value>
    public required int Tokens { get; init; }

    /// <value>Denoising and commit forwards; prefill not counted.</value>
    public required int Forwards { get; init; }

    /// <value>
    /// <see cref="InfillStop.Eos"/> when the model ended its answer (eos, or the end of the code's fence); <see cref="InfillStop.Length"/> when the
    /// token budget cut it short, so that <see cref="NewText"/> may lack its end.
    /// </value>
    public required InfillStop Stop { get; init; }

    /// <value>Softmax probability of each token when it was revealed, in the answer's order.</value>
    public IReadOnlyList<double> Confidences { get; init; } = [];

    /// <value>Name of the model that answered (its folder's name).</value>
    public required string Model { get; init; }

    /// <value>Wall-clock milliseconds from request to answer inside the engine.</value>
    public required double Milliseconds { get; init; }
}
