namespace StableDiffCoder.Training.Corpus;

/// <summary>The part of the corpus that a file belongs to.</summary>
public enum CorpusSplit
{
    /// <summary>Read while training.</summary>
    Train,

    /// <summary>Looked at while training: loss curves and choices of settings.</summary>
    Validation,

    /// <summary>Looked at once, for the figures that are reported.</summary>
    Test,
}
