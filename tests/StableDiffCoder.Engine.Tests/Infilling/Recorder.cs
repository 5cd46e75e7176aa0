namespace StableDiffCoder.Engine.Tests.Infilling;

/// <summary>Keeps reports in the order they come, on the reporting thread.</summary>
internal sealed class Recorder<T>(List<T> reports, Action<T>? also = null) : IProgress<T>
{
    public void Report(T value)
    {
        reports.Add(value);
        also?.Invoke(value);
    }
}
