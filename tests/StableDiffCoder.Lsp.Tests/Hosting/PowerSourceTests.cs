using StableDiffCoder.Lsp.Hosting;

namespace StableDiffCoder.Lsp.Tests.Hosting;

public sealed class PowerSourceTests
{
    [Theory]
    [InlineData("Battery", "Discharging", null, true)]
    [InlineData("Battery", "Charging", null, false)]
    [InlineData("Battery", "Full", null, false)]
    [InlineData("Battery", "Discharging", "Device", false)] // a mouse's
    [InlineData("Battery", "Discharging", "System", true)]
    [InlineData("Mains", "", null, false)]
    public void IsBattery_OfLinuxsDescription_IsRead(string type, string status, string? scope, bool expected)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // asks the system itself
        }
        DirectoryInfo folder = Directory.CreateTempSubdirectory("stable-diffcoder-power");
        try
        {
            DirectoryInfo source = folder.CreateSubdirectory("BAT0");
            File.WriteAllText(Path.Combine(source.FullName, "type"), $"{type}\n");
            File.WriteAllText(Path.Combine(source.FullName, "status"), $"{status}\n");
            if (scope is not null)
            {
                File.WriteAllText(Path.Combine(source.FullName, "scope"), $"{scope}\n");
            }
            Assert.Equal(expected, new PowerSource(TimeProvider.System, folder.FullName).IsBattery);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void IsBattery_NoDescription_IsFalse()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.False(new PowerSource(TimeProvider.System, "/no/such/folder").IsBattery);
        }
    }
}
