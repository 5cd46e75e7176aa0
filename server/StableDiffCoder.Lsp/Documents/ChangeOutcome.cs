namespace StableDiffCoder.Lsp.Documents;

/// <summary>What became of a change.</summary>
internal enum ChangeOutcome
{
    /// <summary>The document has the new text.</summary>
    Applied,

    /// <summary>The document is not open.</summary>
    NotOpen,

    /// <summary>The change does not fit, so from now on the document is out of step.</summary>
    OutOfStep,

    /// <summary>The document was out of step before and still is.</summary>
    StillOutOfStep,
}
