using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>
/// Notices the death of the client's process (<c>processId</c> of initialize). A closed stdin tells the same, unless another process holds the
/// client's end of the pipe.
/// </summary>
internal static class ClientProcessWatch
{
    /// <summary>Completes when the client's process has ended; never when there is none to watch.</summary>
    public static async Task WaitForDeathAsync(Session session, ILogger logger, CancellationToken cancellationToken)
    {
        long? id = await session.ClientProcess.WaitAsync(cancellationToken);
        using Process? process = Find(id);
        if (process is null)
        {
            // A client in another container or on another machine: its number says nothing here.
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return;
        }
        await process.WaitForExitAsync(cancellationToken);
        Log.ClientDied(logger, process.Id);
    }

    private static Process? Find(long? id)
    {
        try
        {
            return id is > 0 and <= int.MaxValue ? Process.GetProcessById((int)id) : null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
