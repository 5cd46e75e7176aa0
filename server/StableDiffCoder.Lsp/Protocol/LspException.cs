namespace StableDiffCoder.Lsp.Protocol;

/// <summary>An answer to a request that is an error. The message is shown to people: it never holds source text.</summary>
public sealed class LspException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">One of <see cref="LspErrorCodes"/>.</param>
    /// <param name="message">What, where and the fix.</param>
    /// <param name="innerException">The cause; goes to the log only.</param>
    public LspException(int code, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
    }

    /// <value>One of <see cref="LspErrorCodes"/>.</value>
    public int Code { get; }
}
