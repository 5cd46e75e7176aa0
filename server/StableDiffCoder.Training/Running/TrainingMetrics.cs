namespace StableDiffCoder.Training.Running;

/// <summary>One line of a run's metrics.jsonl, and one report to whoever watches.</summary>
public sealed record TrainingMetrics
{
    /// <value>"ar" or "cpt".</value>
    public required string Stage { get; init; }

    /// <value>Updates of this stage so far, and of all of it.</value>
    public required int Update { get; init; }

    /// <value>Updates of this stage.</value>
    public required int Updates { get; init; }

    /// <value>Tokens of the whole run so far.</value>
    public required long Tokens { get; init; }

    /// <value>Training loss of this update, nats a loss-eligible token.</value>
    public required double Loss { get; init; }

    /// <value>Gradient norm before clipping.</value>
    public required double GradientNorm { get; init; }

    /// <value>Share of tokens masked.</value>
    public double MaskRate { get; init; }

    /// <value>Learning rate of this update.</value>
    public required double LearningRate { get; init; }

    /// <value>Tokens a second of this update.</value>
    public required double TokensPerSecond { get; init; }

    /// <value>Arithmetic of this update as a share of the machine's large matrix products (0 to 1), where that rate was measured.</value>
    public double? PeakShare { get; init; }

    /// <value>Validation loss where one was measured: negative log-likelihood (ar) or NELBO on a fixed grid of t (cpt), nats a token.</value>
    public double? ValidationLoss { get; init; }

    /// <value>Seconds the run has left at this pace.</value>
    public double? SecondsLeft { get; init; }
}
