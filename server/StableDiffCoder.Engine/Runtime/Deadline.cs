namespace StableDiffCoder.Engine.Runtime;

/// <summary>A moment by which an answer is wanted, from when it was made.</summary>
/// <param name="time">The clock.</param>
/// <param name="milliseconds">Time allowed; null for ever.</param>
public sealed class Deadline(TimeProvider time, double? milliseconds)
{
    private readonly long started = time.GetTimestamp();

    /// <summary>Time since it was made.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(started);

    /// <summary>A source that is cancelled when the time is up; null when it never is.</summary>
    public CancellationTokenSource? Timer() =>
        milliseconds is double allowed
            ? new CancellationTokenSource(TimeSpan.FromMilliseconds(Math.Max(0, allowed - Elapsed.TotalMilliseconds)), time)
            : null;

    /// <summary>Whether the time is up.</summary>
    public bool HasPassed => milliseconds is double allowed && Elapsed.TotalMilliseconds >= allowed;
}
