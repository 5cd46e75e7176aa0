using System.Runtime.InteropServices;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>Whether the machine runs on battery. Asked at most every few seconds; where it cannot be told, it does not.</summary>
internal sealed partial class PowerSource(TimeProvider time, string linuxFolder = PowerSource.LinuxFolder)
{
    /// <summary>Where Linux describes what gives power.</summary>
    public const string LinuxFolder = "/sys/class/power_supply";

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);
    private readonly Lock gate = new();
    private long? asked;
    private bool known;

    /// <summary>Whether the machine runs on battery.</summary>
    public bool IsBattery
    {
        get
        {
            lock (gate)
            {
                if (asked is not long last || time.GetElapsedTime(last) > Freshness)
                {
                    asked = time.GetTimestamp();
                    known = OperatingSystem.IsWindows() ? AskWindows() : AskLinux(linuxFolder);
                }
                return known;
            }
        }
    }

    private static bool AskLinux(string folder)
    {
        try
        {
            return Directory.Exists(folder)
                && Directory.EnumerateDirectories(folder).Any(source => Read(source, "type") == "Battery" && IsDischarging(source));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // A mouse's battery is one too; its scope is "Device".
    private static bool IsDischarging(string source) => Read(source, "status") == "Discharging" && Read(source, "scope") != "Device";

    private static string Read(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }

    private static bool AskWindows() => GetSystemPowerStatus(out PowerStatus status) && status.LineStatus == 0;

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetSystemPowerStatus(out PowerStatus status);

    // SYSTEM_POWER_STATUS of winbase.h; line status 0 is battery, 1 mains, 255 unknown.
    [StructLayout(LayoutKind.Sequential)]
    private struct PowerStatus
    {
        public byte LineStatus;
        public byte BatteryFlag;
        public byte LifePercent;
        public byte SystemFlag;
        public int LifeTime;
        public int FullLifeTime;
    }
}
