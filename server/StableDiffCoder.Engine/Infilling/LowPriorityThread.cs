using StableDiffCoder.Engine.Runtime;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>A thread that gives way to everything else on the machine.</summary>
public static class LowPriorityThread
{
    /// <summary>Runs work on a thread of its own.</summary>
    /// <param name="name">For debuggers.</param>
    /// <param name="work">Runs to its end.</param>
    /// <returns>Ends with the work, or in its exception.</returns>
    public static Task Run(string name, Action work)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            ThreadPriorities.LowerCurrent();
            try
            {
                work();
                end.SetResult();
            }
            catch (Exception exception)
            {
                // Not swallowed: the caller awaits it.
                end.SetException(exception);
            }
        })
        {
            Name = name,
            IsBackground = true,
        };
        thread.Start();
        return end.Task;
    }
}
