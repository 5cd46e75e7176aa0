namespace StableDiffCoder.Cli;

/// <summary>What the process answers to its caller.</summary>
public static class ExitCodes
{
    /// <summary>All done.</summary>
    public const int Done = 0;

    /// <summary>It failed, and other arguments would not have helped.</summary>
    public const int Failed = 1;

    /// <summary>The arguments or the input are wrong.</summary>
    public const int InvalidInput = 2;

    /// <summary>Ctrl+C: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
