namespace StableDiffCoder.Engine.Infilling;

/// <summary>A text, a span of it, and what is to be done with that span. A plain record: it survives a JSON round trip.</summary>
public sealed record EditRequest
{
    /// <summary>The largest accepted length of <see cref="Instruction"/>, in UTF-16 units.</summary>
    public const int LongestInstruction = 8192;

    /// <value>The whole document. Special tokens spelled in it are text, never control.</value>
    public required string Text { get; init; }

    /// <value>The code to rewrite: best whole lines, a member or some statements. An empty span is a place where code is to be written.</value>
    public required TextSpan Span { get; init; }

    /// <value>What is to be done, in plain words. Special tokens spelled in it are text, never control.</value>
    public required string Instruction { get; init; }

    /// <value>How to sample.</value>
    public EditOptions Options { get; init; } = new();

    /// <summary>Throws when the span does not fit the text, the instruction is empty, or an option is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names what is wrong, and what is allowed.</exception>
    public void Validate()
    {
        Options.Validate();
        if (string.IsNullOrWhiteSpace(Instruction))
        {
            throw new ArgumentException("instruction is empty; say what is to be done with the code");
        }
        if (Instruction.Length > LongestInstruction)
        {
            throw new ArgumentException($"instruction has {Instruction.Length} UTF-16 units; use {LongestInstruction} or fewer");
        }
        if (Span.Start < 0 || Span.Length < 0 || Span.Start > Text.Length - Span.Length)
        {
            throw new ArgumentException(
                $"span is [{Span.Start}, {Span.Start + (long)Span.Length}); the text has {Text.Length} UTF-16 units"
            );
        }
    }
}

/// <summary>How one edit is sampled. The one source of these defaults.</summary>
public sealed record EditOptions
{
    /// <value>
    /// Most new tokens of the answer, rounded up to whole blocks inside the engine; null makes room for a quarter more than the code. Default null.
    /// </value>
    public int? MaxNewTokens { get; init; }

    /// <value>
    /// Reveal every masked token of the current block whose confidence is at least this probability (the best one always).
    /// Null reveals one token a step. Default null.
    /// </value>
    public double? Threshold { get; init; }

    /// <value>Sampling temperature; 0 is greedy. Default 0.</value>
    public double Temperature { get; init; }

    /// <value>Seed of the sampling noise; unused at temperature 0. Default 0.</value>
    public long Seed { get; init; }

    /// <summary>What an edit takes of a model's document prior where a request does not say: the code must not outvote a model that is sure.</summary>
    public const double ShareOfDocumentPrior = 1.0 / 3;

    /// <value>
    /// Largest weight of what the code to rewrite says comes next, so that what is not to change is copied; from 0 to below 1. Null is a third of
    /// the model's document prior. Default null.
    /// </value>
    public double? CodePrior { get; init; }

    /// <value>Tokens of the text around the span that the model is shown; null takes what its window leaves. Default null.</value>
    public int? ContextTokens { get; init; }

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        if (CodePrior is < 0 or >= 1 or double.NaN)
        {
            throw new ArgumentException($"codePrior is {CodePrior}; use 0 to below 1, or null");
        }
        new InfillOptions
        {
            MaxNewTokens = MaxNewTokens ?? 1,
            Threshold = Threshold,
            Temperature = Temperature,
            ContextTokens = ContextTokens,
        }.Validate();
    }
}
